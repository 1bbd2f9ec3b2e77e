import type { Action } from '@dropforest/lambda-kit';
import { describe, expect, test } from 'vitest';
import { decidePromotion, type PromotionFacts } from './decide.ts';

const NOW = Date.UTC(2026, 2, 4, 12);
const model = (version: number) => ({ job: `j${version}`, model: `j${version}`, modelPackageArn: `arn:p/df-sales/${version}`, version });
const champion = (version: number) => ({ value: { ...model(version), promotedAt: '2026-03-01T00:00:00.000Z' }, etag: 'e1' });
const facts = (candidate: number, current?: number): PromotionFacts => ({ dataset: 'sales', candidate: model(candidate), champion: current === undefined ? undefined : champion(current), now: NOW });
const types = (actions: readonly Action[]) => actions.map((action) => (action.type === 'emit' ? action.event.type : action.type));

describe('an approved model', () => {
  test('becomes the first champion only where there is none yet', () => {
    const actions = decidePromotion(facts(1));
    expect(types(actions)).toEqual(['write-json', 'ModelPromoted']);
    expect(actions[0]).toMatchObject({ key: 'models/sales/champion.json', value: { version: 1, job: 'j1' }, condition: { ifAbsent: true } });
  });

  test('takes over from an older one by compare-and-swap', () => {
    const actions = decidePromotion(facts(3, 2));
    expect(actions[0]).toMatchObject({ condition: { ifMatch: 'e1' } });
    expect(actions[1]).toMatchObject({ event: { detail: { modelVersion: 3, previousVersion: 2 } } });
  });

  test('that is the champion already is only told of again', () => {
    expect(types(decidePromotion(facts(2, 2)))).toEqual(['ModelPromoted']);
  });

  test('that is older than the champion changes nothing: its approval was told late', () => {
    expect(decidePromotion(facts(1, 2))).toEqual([]);
  });
});
