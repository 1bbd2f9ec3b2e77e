import type { ModelManifest } from '@dropforest/contracts';
import { describe, expect, test } from 'vitest';
import { comparisonProperties, modelProperties, modelTags, tagDecision } from './metadata.ts';

const files = (count: number) => Array.from({ length: count }, (_, index) => ({ key: `train/shop/${index + 1}.csv`, etag: 'e', snapshot: 's' }));
const figures = (rmse: number) => ({ rmse, mae: 1, r2: 0, rows: 853 });
const manifest = (more: Partial<ModelManifest> = {}): Pick<ModelManifest, 'task' | 'metrics' | 'lineage'> => ({
  task: 'regression',
  metrics: { task: 'regression', holdout: figures(1081.234), baseline: figures(1701.5) },
  lineage: { job: 'j', image: 'i', files: files(2) },
  ...more,
});

describe('the properties of a version', () => {
  test('say what the model is, how good it is and where it comes from', () => {
    expect(modelProperties('shop', 'df-shop-aaaaaaaaaaaa-1', manifest())).toEqual({
      dataset: 'shop',
      trainingJob: 'df-shop-aaaaaaaaaaaa-1',
      task: 'regression',
      figure: 'RMSE',
      value: '1081.234',
      baseline: '1701.5',
      rows: '853 holdout',
      files: 'train/shop/1.csv train/shop/2.csv',
    });
  });

  test('name the first three files and count the others', () => {
    const filesOf = (count: number) => modelProperties('shop', 'j', manifest({ lineage: { job: 'j', image: 'i', files: files(count) } }))['files'];
    expect(filesOf(3)).toBe('train/shop/1.csv train/shop/2.csv train/shop/3.csv');
    expect(filesOf(4)).toBe('train/shop/1.csv train/shop/2.csv train/shop/3.csv and 1 more');
  });

  test('leave out what is not known', () => {
    const unknown = { task: 'regression' as const, metrics: { task: 'regression' as const, baseline: figures(1) }, lineage: undefined };
    expect(modelProperties('shop', 'j', unknown)).toEqual({ dataset: 'shop', trainingJob: 'j', task: 'regression' });
  });

  test('hold only characters that SageMaker takes', () => {
    const odd = manifest({ lineage: { job: 'j', image: 'i', files: [{ key: 'train/shop/a&b#.csv', etag: 'e', snapshot: 's' }] } });
    expect(modelProperties('shop', 'j', odd)['files']).toBe('train/shop/a_b_.csv');
  });
});

describe('the properties of a comparison', () => {
  const champion = { job: 'df-shop-bbbbbbbbbbbb-1', version: 3 };
  const value = { comparable: true as const, challenger: 'a', champion: 'b', figure: 'RMSE', rows: 1, challengerValue: 1, championValue: 2, difference: 14.1, interval: [8.5, 20] as [number, number], level: 0.95 };

  test('say with which model, and by how much it is better', () => {
    expect(comparisonProperties({ ...champion, comparison: { state: 'done', value, isStored: true } })).toEqual({ comparedWith: 'version 3 df-shop-bbbbbbbbbbbb-1', difference: '14.1 in 8.5 to 20' });
  });

  test('say only with which model where the two could not be compared', () => {
    const comparedWith = 'version 3 df-shop-bbbbbbbbbbbb-1';
    expect(comparisonProperties({ ...champion, comparison: { state: 'failed', reason: 'no' } })).toEqual({ comparedWith });
    expect(comparisonProperties({ ...champion, comparison: { state: 'done', value: { comparable: false, challenger: 'a', champion: 'b', reason: 'no' }, isStored: true } })).toEqual({ comparedWith });
  });
});

describe('the tags of a model', () => {
  test('are its properties under our own prefix', () => {
    expect(modelTags({ dataset: 'shop', trainingJob: 'j', value: '1' })).toEqual([
      { Key: 'dropforest:dataset', Value: 'shop' },
      { Key: 'dropforest:job', Value: 'j' },
      { Key: 'dropforest:value', Value: '1' },
    ]);
  });

  test('leave out what is not known', () => {
    expect(modelTags({ value: '1' })).toEqual([{ Key: 'dropforest:value', Value: '1' }]);
  });

  test('say what was decided, at the model that is called like the job', () => {
    const action = tagDecision({ status: 'Rejected', explanation: '± 6; rejected', at: '' }, { arn: 'arn:aws-cn:sagemaker:cn-north-1:123456789012:model-package/df-shop/3', job: 'df-shop-aaaaaaaaaaaa-1' });
    expect(action).toEqual({
      type: 'add-tags',
      input: {
        ResourceArn: 'arn:aws-cn:sagemaker:cn-north-1:123456789012:model/df-shop-aaaaaaaaaaaa-1',
        Tags: [
          { Key: 'dropforest:status', Value: 'Rejected' },
          { Key: 'dropforest:decision', Value: '+- 6 - rejected' },
        ],
      },
    });
  });
});
