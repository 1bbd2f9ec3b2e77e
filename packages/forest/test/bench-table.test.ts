import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { renderResults, replaceTables } from '../bench/render.ts';
import { readResults } from '../bench/results.ts';
import type { Section } from '../bench/results.ts';

const section: Section = {
  measuredAt: '2026-01-02T03:04:05.678Z',
  machine: { cpu: 'Some CPU', cores: 2, memoryGigabytes: 8 },
  versions: ['Node 24.0.0', 'scikit-learn 1.9.1'],
  rounds: 5,
  workload: 'some rows',
  rows: [{ name: 'Dropforest, 1 thread', figures: { trees: 500, seconds: 0.9412, msPerTree: 1.8824, timesFaster: 11.63, rmse: 1128.08 } }],
};

describe('the table of measurements', () => {
  it('in the README shows what results.json holds (`node packages/forest/bench/table.ts` writes it)', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    expect(readme).toBe(replaceTables(readme, readResults()));
  });

  it('has a line for each contestant, rounded to what was measured', () => {
    expect(renderResults({ fit: section })).toContain('| Dropforest, 1 thread | 500 | 0.941 | 1.88 | 11.6 | 1128.1 |');
  });

  it('tells the circumstances once where all sections share them, else those of each', () => {
    expect(renderResults({ fit: section, quality: section }).match(/Medians of up to 5 rounds/g)).toHaveLength(1);
    const later = renderResults({ fit: section, quality: { ...section, measuredAt: '2026-01-03T00:00:00.000Z' } });
    expect(later).toMatch(/^Medians of up to 5 rounds in turns, 2026-01-02; .* \(Fit\); 2026-01-03; .* \(Quality\)\.$/m);
    const quicker = renderResults({ fit: section, quality: { ...section, rounds: 3 } });
    expect(quicker).toMatch(/^Medians of up to 5 \(Fit\), 3 \(Quality\) rounds in turns, 2026-01-02; 2 cores/m);
  });

  it('leaves a cell empty for a figure that was not measured', () => {
    const row = { name: 'ydf-training, 1 thread', figures: { trees: 300, seconds: 4.41, msPerTree: 14.7, rmse: 1101 } };
    expect(renderResults({ fit: { ...section, rows: [row] } })).toContain('| 14.7 |  | 1101.0 |');
  });

  it('refuses a README without a place for it', () => {
    expect(() => replaceTables('# forest', {})).toThrow('bench:start');
  });
});
