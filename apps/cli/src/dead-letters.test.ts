import { expect, test } from 'vitest';
import { readLetter } from './dead-letters.ts';

test.each<[string, object | string, string, string]>([
  ['a dropped file', { 'detail-type': 'Object Created', detail: { object: { key: 'predict/shop/a b.csv', size: 3 } } }, 'shop', 'Object Created predict/shop/a b.csv'],
  ['a training job', { 'detail-type': 'SageMaker Training Job State Change', detail: { TrainingJobName: 'df-shop-0123456789ab-1' } }, 'shop', 'SageMaker Training Job State Change df-shop-0123456789ab-1'],
  ['a transform job', { 'detail-type': 'SageMaker Transform Job State Change', detail: { TransformJobName: 'df-big-mart-0123456789ab-2' } }, 'big-mart', 'SageMaker Transform Job State Change df-big-mart-0123456789ab-2'],
  ['a model package', { 'detail-type': 'SageMaker Model Package State Change', detail: { ModelPackageGroupName: 'df-shop', ModelPackageVersion: 3 } }, 'shop', 'SageMaker Model Package State Change df-shop/3'],
  ['an event of our own', { 'detail-type': 'ModelPromoted', detail: { dataset: 'shop', id: 'ModelPromoted-0123456789ab' } }, 'shop', 'ModelPromoted ModelPromoted-0123456789ab'],
  ["somebody else's job", { 'detail-type': 'SageMaker Training Job State Change', detail: { TrainingJobName: 'churn' } }, '', 'SageMaker Training Job State Change churn'],
  ['no JSON', 'hello', '', 'a message that is no event'],
  ['no event', '{"detail": 3}', '', 'a message that is no event'],
])('a dead letter of %s says what it is of', (_, body, dataset, description) => {
  expect(readLetter(typeof body === 'string' ? body : JSON.stringify(body))).toEqual({ dataset, description });
});
