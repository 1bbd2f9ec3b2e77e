import { describe, expect, test } from 'vitest';
import { loadModel, trainModel } from '../src/index.ts';
import type { Model } from '../src/index.ts';
import { nearestNeighbours } from './nearest-neighbours.ts';
import { file, optionsOf, shopFile, shopRows } from './shop.ts';

const { artifact } = await trainModel(optionsOf([shopFile()], { steps: [{ step: 'impute', column: 'weight', strategy: 'mean', by: 'place' }] }));
const model: Model = await loadModel(artifact, [nearestNeighbours]);

interface Answer {
  readonly text: string;
  readonly rows: number;
  readonly predicted: number;
  readonly reasons: readonly string[];
}

function predict(text: string, join = true): Answer {
  const { csv, rows, predicted, refused } = model.predictCsv(new TextEncoder().encode(text), { join });
  // A decoder would swallow the byte-order mark.
  return { text: Buffer.from(csv).toString('utf8'), rows, predicted, reasons: refused.map(({ reason }) => reason) };
}

const lines = (text: string): string[] => text.trimEnd().split(/\r?\n/);
const inputs = shopRows(40, 1000).map((row) => row.split(',').slice(0, 3).join(','));
const answer = predict(`price,place,weight\n${inputs.join('\n')}\n`);
const predictions = lines(answer.text).slice(1).map((line) => line.split(',').at(-1) ?? '');

describe('a predicted CSV file', () => {
  test('is the file with a prediction at the end of each row', () => {
    expect(answer).toMatchObject({ rows: 40, predicted: 40, reasons: [] });
    expect(lines(answer.text)).toEqual(['price,place,weight,prediction', ...inputs.map((row, index) => `${row},${predictions[index] ?? ''}`)]);
    expect(predictions.every((text) => Number.isFinite(Number(text)) && String(Number(text)) === text)).toBe(true);
  });

  test('gives the same predictions row by row as in one call', () => {
    const alone = inputs.map((row) => lines(predict(`price,place,weight\n${row}\n`, false).text)[1]);
    expect(alone).toEqual(predictions);
  });

  test('gives the same predictions without the join', () => {
    expect(lines(predict(`price,place,weight\n${inputs.join('\n')}`, false).text)).toEqual(['prediction', ...predictions]);
  });

  test('does not mind other columns, their order, or another dialect', () => {
    const turned = inputs.map((row, index) => [`"note; ${index}"`, ...row.split(',').reverse()].join(';'));
    const { text } = predict(`\ufeffnote;weight;place;price\r\n${turned.join('\r\n')}\r\n`);
    expect(text).toBe(`\ufeffnote;weight;place;price;prediction\r\n${turned.map((row, index) => `${row};${predictions[index] ?? ''}`).join('\r\n')}\r\n`);
  });

  test('keeps quotes, white space, blank lines and a last line without an end as they were', () => {
    const { text, rows } = predict('\n"price" , place,weight\n"1.50", north ,\n\n 2,"so\nuth",""');
    expect(rows).toBe(2);
    expect(text).toMatch(/^\n"price" , place,weight,prediction\n"1\.50", north ,,[\d.]+\n\n 2,"so\nuth","",[\d.]+$/);
  });

  test('numbers its column where the file has one of that name', () => {
    expect(lines(predict('price,place,weight,prediction,prediction_1\n1,north,2,old,older\n').text)[0]).toBe('price,place,weight,prediction,prediction_1,prediction_2');
  });

  test('has the target, where it is given, as one more column that does not matter', () => {
    const { text } = predict(`price,place,weight,sales\n${inputs.map((row) => `${row},unknown`).join('\n')}\n`);
    expect(lines(text).slice(1).map((line) => line.split(',').at(-1))).toEqual(predictions);
  });

  test('may have a header only', () => {
    expect(predict('price,place,weight\n')).toMatchObject({ text: 'price,place,weight,prediction\n', rows: 0, predicted: 0 });
  });
});

test('files without a header are read by the names that dataset.json gives, the target left out or not', async () => {
  const names = ['price', 'place', 'weight', 'sales'];
  const rows = shopRows(300);
  const trained = await trainModel(optionsOf([file(`${rows.join('\n')}\n`)], { target: 'place', reading: { header: false, columnNames: names } }));
  const headless = await loadModel(trained.artifact, [nearestNeighbours]);
  expect(trained.manifest).toMatchObject({ target: 'place', schema: { header: false, fileColumns: names } });
  const answerTo = (text: string) => lines(Buffer.from(headless.predictCsv(Buffer.from(text), { join: false }).csv).toString());
  const withTarget = answerTo(`${rows.slice(0, 5).join('\n')}\n`);
  expect(answerTo(`${rows.slice(0, 5).map((row) => row.split(',').toSpliced(1, 1).join(',')).join('\n')}\n`)).toEqual(withTarget);
});

describe('what a data set asks for', () => {
  test('classes come with the probability of the one that is predicted, and of each on request', async () => {
    const trained = await trainModel(optionsOf([shopFile()], { target: 'place', output: { classProbabilities: true } }));
    const { csv } = (await loadModel(trained.artifact, [nearestNeighbours])).predictCsv(Buffer.from('price,weight,sales\n1,2,3\n'), { join: true });
    const [header, row] = lines(Buffer.from(csv).toString());
    expect(header).toBe('price,weight,sales,prediction,probability,probability_east,probability_north,probability_south');
    const [, , , prediction = '', probability = '', ...all] = (row ?? '').split(',');
    expect(all.map(Number)[['east', 'north', 'south'].indexOf(prediction)]).toBe(Number(probability));
    expect(all.map(Number).reduce((sum, each) => sum + each, 0)).toBeCloseTo(1);
  });

  test('intervals and the model version', async () => {
    const trained = await trainModel(optionsOf([shopFile()], { output: { intervals: true, modelVersion: true } }));
    const { csv } = (await loadModel(trained.artifact, [nearestNeighbours])).predictCsv(Buffer.from('price,place,weight\n1,north,2\n'), { join: false, modelVersion: '7' });
    const [header, row] = lines(Buffer.from(csv).toString());
    expect(header).toBe('prediction,prediction_lower,prediction_upper,model_version');
    expect(row).toMatch(/^[\d.]+,-?[\d.]+,[\d.]+,7$/);
  });
});

describe('a row that cannot be predicted', () => {
  const rows = ['1,north,2', 'cheap,north,2', '3', '4,north,5,6', '5,"nor"th,6', '6,south,7'];

  test('keeps its place and gets a note; the others are predicted as if it were not there', () => {
    const { text, rows: count, predicted, reasons } = predict(`price,place,weight\n${rows.join('\n')}\n`);
    expect([count, predicted]).toEqual([6, 2]);
    expect(reasons).toEqual(['not-a-number', 'too-few-fields', 'too-many-fields', 'misplaced-quote']);
    const good = lines(predict(`price,place,weight\n${rows.at(0) ?? ''}\n${rows.at(-1) ?? ''}\n`, false).text);
    expect(lines(text)).toEqual([
      'price,place,weight,prediction,prediction_note',
      `1,north,2,${good[1] ?? ''},`,
      'cheap,north,2,,"column ""price"" needs a number, not ""cheap"""',
      '3,,,,1 field where 3 are expected',
      '4,north,5,6,,4 fields where 3 are expected',
      '5,"nor"th,6,,a closing quote is followed by more text; double the quotes inside a quoted field',
      `6,south,7,${good[2] ?? ''},`,
    ]);
  });

  test('is no empty line without the join, so that no reader loses count', () => {
    const { text } = predict(`price,place,weight\n${rows.join('\n')}\n`, false);
    expect(lines(text)).toHaveLength(7);
    expect(lines(text).every((line) => line !== '')).toBe(true);
  });
});

describe('a file that cannot be predicted', () => {
  test('lacks a column: it is named, with the one that was probably meant', () => {
    expect(() => predict('Price,place,weight\n1,north,2\n')).toThrow(/the model needs a column that is missing: the file has no column "price"; it has "Price", "place", "weight"; rename the column "Price" to "price"/);
  });

  test('is no CSV', () => {
    expect(() => predict('%PDF-1.7\n')).toThrow(/PDF/);
  });
});

describe('a model artifact', () => {
  const without = new Map([...artifact].filter(([name]) => name !== 'manifest.json'));
  const manifest = (change: object): Uint8Array => new TextEncoder().encode(JSON.stringify({ ...model.manifest, ...change }));

  test.each([
    ['has no manifest', without, /the model has no manifest\.json; it has neighbours\.json/],
    ['has a manifest that is no JSON', new Map([...without, ['manifest.json', Uint8Array.of(123)]]), /is not JSON/],
    ['is of another version', new Map([...without, ['manifest.json', manifest({ formatVersion: 2 })]]), /of another version or damaged: formatVersion/],
    ['has preprocessing that was changed by hand', new Map([...without, ['manifest.json', manifest({ preprocessing: { formatVersion: 1 } })]]), /the fitted preprocessing cannot be read/],
    ['was trained with an algorithm that is not offered', new Map([...without, ['manifest.json', manifest({ algorithm: 'oracle' })]]), /there is no algorithm "oracle"/],
  ])('that %s is refused', async (_what, files, message) => {
    await expect(loadModel(files, [nearestNeighbours])).rejects.toThrow(message);
  });
});
