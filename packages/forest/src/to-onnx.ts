/**
 * Forests as ONNX models: one operator of the domain ai.onnx.ml, version 3, `TreeEnsembleRegressor` or
 * `TreeEnsembleClassifier` (onnx.ai, "Operators-ml"). Field numbers are those of onnx.proto.
 */
import { ForestError } from './errors.ts';
import type { FlatForest } from './flat-forest.ts';
import { MODES, onnxTables } from './onnx-tables.ts';
import { floats, integer, integers, joined, message, text, texts } from './protobuf.ts';
import type { Message } from './protobuf.ts';

/** How a model is written down. */
export interface OnnxOptions {
  /** Names of the features, kept as metadata under `feature_names`, a JSON array. */
  readonly names?: readonly string[] | undefined;
  /** Names of the classes, which the model then predicts in place of their codes. */
  readonly classNames?: readonly string[] | undefined;
}

/** From 1.8 (2020) on; operators of ai.onnx.ml 3 are read by every runtime since then. */
const IR_VERSION = 7;
const OPSETS = [['', 13], ['ai.onnx.ml', 3]] as const;

const FLOAT_TENSOR = 1;
const INT64_TENSOR = 7;
const STRING_TENSOR = 8;

/**
 * The bytes of an ONNX model with one input `X`, 32-bit floats, rows × features, NaN for missing values. Regression has one
 * output `prediction`, rows × 1; classification `label`, one a row, and `probabilities`, rows × classes.
 * @throws ForestError `invalid-option` for names that are not as many as features or classes; `not-exportable` for a
 * classifier of a single class, which the operator cannot express, and for paths of more than 8,192 comparisons
 */
export function toOnnx(forest: FlatForest, options: OnnxOptions = {}): Uint8Array<ArrayBuffer> {
  checkNames('names', options.names, forest.features, 'features');
  checkNames('classNames', options.classNames, forest.classes, 'classes');
  if (forest.classes === 1) throw new ForestError('not-exportable', 'toOnnx: got a classifier of 1 class, expected at least 2 classes');
  return joined([
    ...integer(1, IR_VERSION),
    ...text(2, 'dropforest'),
    ...message(7, graph(forest, options)),
    ...OPSETS.flatMap(([domain, version]) => message(8, text(1, domain), integer(2, version))),
    ...(options.names === undefined ? [] : message(14, text(1, 'feature_names'), text(2, JSON.stringify(options.names)))),
  ]);
}

function checkNames(option: string, names: readonly string[] | undefined, expected: number, what: string): void {
  if (names === undefined || names.length === expected) return;
  throw new ForestError('invalid-option', `${option}: got ${names.length} names, expected ${expected}, as many as ${what}`);
}

function graph(forest: FlatForest, { classNames }: OnnxOptions): Message {
  const { features, classes } = forest;
  const labels = classNames === undefined ? INT64_TENSOR : STRING_TENSOR;
  const outputs = classes === 0
    ? [tensor(12, 'prediction', FLOAT_TENSOR, 1)]
    : [tensor(12, 'label', labels), tensor(12, 'probabilities', FLOAT_TENSOR, classes)];
  const names = classes === 0 ? ['prediction'] : ['label', 'probabilities'];
  const operator = classes === 0 ? 'TreeEnsembleRegressor' : 'TreeEnsembleClassifier';
  const task = classes === 0 ? regressorAttributes() : classifierAttributes(classes, classNames);
  return [
    ...message(1, text(1, 'X'), ...names.map((name) => text(2, name)), text(4, operator), text(7, 'ai.onnx.ml'), ensemble(forest), task),
    ...text(2, 'forest'),
    ...tensor(11, 'X', FLOAT_TENSOR, features),
    ...outputs.flat(),
  ];
}

/** A graph's input or output: any number of rows, and columns where there are any. */
function tensor(field: number, name: string, type: number, ...columns: readonly number[]): Message {
  const shape = [message(1, text(2, 'rows')), ...columns.map((count) => message(1, integer(1, count)))];
  return message(field, text(1, name), message(2, message(1, integer(1, type), message(2, ...shape))));
}

function regressorAttributes(): Message {
  return [
    ...attribute('n_targets', 2, integer(3, 1)),
    ...attribute('aggregate_function', 3, text(4, 'AVERAGE')),
  ];
}

function classifierAttributes(classes: number, names: readonly string[] | undefined): Message {
  const codes = Uint32Array.from({ length: classes }, (_, code) => code);
  const labels = names === undefined
    ? attribute('classlabels_int64s', 7, integers(8, codes))
    : attribute('classlabels_strings', 8, names.flatMap((name) => text(9, name)));
  return [...labels, ...attribute('post_transform', 3, text(4, 'NONE'))];
}

/** @param type number of the kind of value in AttributeProto */
function attribute(name: string, type: number, value: Message): Message {
  return message(5, text(1, name), value, integer(20, type));
}

function ints(name: string, values: Uint32Array): Message {
  return attribute(name, 7, integers(8, values));
}

function numbers(name: string, values: Float32Array): Message {
  return attribute(name, 6, floats(7, values));
}

function ensemble(forest: FlatForest): Message {
  const { nodes, votes } = onnxTables(forest);
  const kind = forest.classes === 0 ? 'target' : 'class';
  return [
    ...ints('nodes_treeids', nodes.treeIds),
    ...ints('nodes_nodeids', nodes.nodeIds),
    ...attribute('nodes_modes', 8, texts(9, MODES, nodes.modes)),
    ...ints('nodes_featureids', nodes.features),
    ...numbers('nodes_values', nodes.values),
    ...ints('nodes_truenodeids', nodes.yes),
    ...ints('nodes_falsenodeids', nodes.no),
    ...ints('nodes_missing_value_tracks_true', nodes.missingYes),
    ...ints(`${kind}_treeids`, votes.treeIds),
    ...ints(`${kind}_nodeids`, votes.nodeIds),
    ...ints(`${kind}_ids`, votes.outputs),
    ...numbers(`${kind}_weights`, votes.weights),
  ];
}
