/**
 * SHAP values of trees (Lundberg and Lee, 2017) with the "path-dependent" value of a set S of known features (Lundberg et
 * al., 2020): a tree's mean prediction when a split of a feature outside S sends a row both ways, each way by the share
 * of the training weight that went there.
 *
 * Let the path to a leaf split by the features U; z_i the product of the shares that i's splits on the path keep; o_i 1
 * where the row itself takes the path at all of i's splits, else 0. The leaf adds to the value of S its prediction ×
 * Π o_i over S ∩ U × Π z_i over U ∖ S. The Shapley value is the integral of the derivative of this function's multilinear
 * extension along the diagonal (Owen, 1972), a sum over leaves:
 *
 *   φ_i = Σ prediction × (o_i − z_i) × ∫ from 0 to 1 of Π over j in U except i of (z_j + t (o_j − z_j)) dt
 *
 * The integrand is a polynomial in t of degree |U| − 1, so ⌈|U| / 2⌉ Gauss–Legendre points give it exactly. All its factors
 * are positive at the points: nothing cancels, no quotient fails. The leaves below a split share the path's factors, and
 * are therefore added up before (o_i − z_i) / factor_i is multiplied in; that adding up in one pass is the idea of Linear
 * TreeSHAP (Yu et al., 2022). A row costs O(nodes × points) a tree.
 */
import type { EncodedRows } from './encoded-rows.ts';
import type { FlatForest } from './flat-forest.ts';
import { gaussLegendre } from './gauss-legendre.ts';
import { addLeaf, isInSet } from './tree-node.ts';

/**
 * Explains rows by one tree at a time, in memory taken once. Entry d of the arrays of the path belongs to the edge that
 * ends at depth d; entry 0 stands for "no split by this feature yet": z = 1, o = 1.
 */
export class TreeExplainer {
  readonly #forest: FlatForest;
  readonly #nodeWeights: Float32Array;
  readonly #outputs: number;
  #start = 0;
  #end = 0;
  /** Of each inner node of the loaded tree: the share of its weight that went left. */
  readonly #leftShare: Float64Array;
  /** Of each node of the loaded tree: the share of the tree's weight that reached it. */
  readonly #reach: Float64Array;
  /** Mean prediction of the loaded tree, an entry an output. */
  readonly #mean: Float64Array;

  readonly #points: Float64Array;
  /** (o − z) / factor at the points where o = 0: whatever z is. */
  readonly #whenCold: Float64Array;
  /** Depth of the path's last edge that splits by each feature. */
  readonly #latest: Uint32Array;
  readonly #feature: Uint32Array;
  /** Depth of the edge before that splits by the same feature. */
  readonly #previous: Uint32Array;
  /** Share of the weight that goes the way of the edge now, and whether the row does. */
  readonly #share: Float64Array;
  readonly #rowGoes: Uint8Array;
  readonly #isRight: Uint8Array;
  readonly #z: Float64Array;
  readonly #o: Uint8Array;
  /** Path × points: 1 / factor; only where o = 1. */
  readonly #inverse: Float64Array;
  /** Path × points: (o − z) / factor. */
  readonly #gain: Float64Array;
  /** Path × points: the point's weight × the factors of all features of the path. */
  readonly #product: Float64Array;
  /** Path × outputs × points: Σ prediction × product over the leaves below an edge that have been visited. Entry 0 is never read. */
  readonly #sum: Float64Array;

  constructor(forest: FlatForest, nodeWeights: Float32Array) {
    const { nodes, depth } = largestTree(forest);
    const { points, weights } = gaussLegendre(Math.max(1, Math.ceil(Math.min(depth, forest.features) / 2)));
    const path = depth + 1;
    this.#forest = forest;
    this.#nodeWeights = nodeWeights;
    this.#outputs = Math.max(1, forest.classes);
    this.#leftShare = new Float64Array(nodes);
    this.#reach = new Float64Array(nodes);
    this.#mean = new Float64Array(this.#outputs);
    this.#points = points;
    this.#whenCold = points.map((t) => -1 / (1 - t));
    this.#latest = new Uint32Array(forest.features);
    this.#feature = new Uint32Array(path);
    this.#previous = new Uint32Array(path);
    this.#share = new Float64Array(path);
    this.#rowGoes = new Uint8Array(path);
    this.#isRight = new Uint8Array(path);
    this.#z = new Float64Array(path).fill(1);
    this.#o = new Uint8Array(path).fill(1);
    this.#inverse = new Float64Array(path * points.length).fill(1);
    this.#gain = new Float64Array(path * points.length);
    this.#product = new Float64Array(path * points.length);
    this.#product.set(weights);
    this.#sum = new Float64Array(path * this.#outputs * points.length);
  }

  /** Makes `tree` the one that explains. */
  load(tree: number): void {
    const { nodes, treeStarts, columnBits } = this.#forest;
    const weights = this.#nodeWeights;
    const start = treeStarts[tree] ?? 0;
    const end = treeStarts[tree + 1] ?? 0;
    this.#start = start;
    this.#end = end;
    this.#mean.fill(0);
    this.#reach[0] = 1;
    for (let node = start; node < end; node++) {
      const reach = this.#reach[node - start] ?? 0;
      const right = node + ((nodes[2 * node + 1] ?? 0) >>> columnBits);
      if (right === node) {
        addLeaf(this.#forest, nodes[2 * node] ?? 0, reach, this.#mean, 0);
        continue;
      }
      const share = (weights[node + 1] ?? 0) / ((weights[node + 1] ?? 0) + (weights[right] ?? 0));
      this.#leftShare[node - start] = share;
      this.#reach[node + 1 - start] = reach * share;
      this.#reach[right - start] = reach * (1 - share);
    }
  }

  /**
   * Adds the loaded tree's contributions and mean, for each of the rows.
   * @param result rows × outputs × (features + 1)
   */
  explain(batch: EncodedRows, result: Float64Array): void {
    const places = this.#forest.features + 1;
    for (let row = 0, at = 0; row < batch.rows; row++, at += this.#outputs * places) {
      this.#explainRow(batch, row * batch.stride, result, at);
      this.#mean.forEach((mean, output) => {
        const base = at + (output + 1) * places - 1;
        result[base] = (result[base] ?? 0) + mean;
      });
    }
  }

  /** Hot. Goes through all nodes in preorder; the path and what is added up along it are kept by depth. */
  #explainRow({ codes, columnShift }: EncodedRows, row: number, result: Float64Array, to: number): void {
    const { nodes, columnBits } = this.#forest;
    const columnMask = 2 ** columnBits - 1;
    const isRight = this.#isRight;
    let depth = 0;
    for (let node = this.#start; node < this.#end; node++) {
      const link = nodes[2 * node + 1] ?? 0;
      if (link >>> columnBits !== 0) {
        const column = link & columnMask;
        const feature = column >>> 1;
        depth++;
        this.#feature[depth] = feature;
        this.#previous[depth] = this.#latest[feature] ?? 0;
        this.#latest[feature] = depth;
        this.#share[depth] = this.#leftShare[node - this.#start] ?? 0;
        this.#rowGoes[depth] = this.#goesLeft(feature, nodes[2 * node] ?? 0, codes[row + (column >>> columnShift)] ?? 0) ? 1 : 0;
        isRight[depth] = 0;
        this.#open(depth);
        continue;
      }
      this.#addLeaf(depth, nodes[2 * node] ?? 0);
      // A leaf ends its edge, and every edge above it of which it is the last leaf.
      for (; depth > 0; depth--) {
        this.#close(depth, result, to);
        if (isRight[depth] === 0) break;
        this.#latest[this.#feature[depth] ?? 0] = this.#previous[depth] ?? 0;
      }
      if (depth === 0) return;
      isRight[depth] = 1;
      this.#share[depth] = 1 - (this.#share[depth] ?? 0);
      this.#rowGoes[depth] = 1 - (this.#rowGoes[depth] ?? 0);
      this.#open(depth);
    }
  }

  #goesLeft(feature: number, word: number, code: number): boolean {
    const { categoricalLevels, sets } = this.#forest;
    return categoricalLevels[feature] === 0 ? code <= (word | 0) : isInSet(sets, word, code);
  }

  /** Hot. Multiplies the product of the path so far by the edge's factor over that of the same feature before. */
  #open(depth: number): void {
    const points = this.#points;
    const whenCold = this.#whenCold;
    const count = points.length;
    const inverse = this.#inverse;
    const gain = this.#gain;
    const product = this.#product;
    const previous = this.#previous[depth] ?? 0;
    const share = this.#share[depth] ?? 0;
    const z = (this.#z[previous] ?? 0) * share;
    const couldGo = this.#o[previous] === 1;
    const o = couldGo && this.#rowGoes[depth] === 1;
    this.#z[depth] = z;
    this.#o[depth] = o ? 1 : 0;
    for (let point = 0, at = depth * count, before = previous * count; point < count; point++, at++, before++) {
      const t = points[point] ?? 0;
      const path = product[at - count] ?? 0;
      if (o) {
        const factor = z + t * (1 - z);
        const reciprocal = 1 / factor;
        inverse[at] = reciprocal;
        gain[at] = (1 - z) * reciprocal;
        product[at] = path * factor * (inverse[before] ?? 0);
      } else if (couldGo) {
        gain[at] = whenCold[point] ?? 0;
        product[at] = path * z * (1 - t) * (inverse[before] ?? 0);
      } else {
        gain[at] = gain[before] ?? 0;
        product[at] = path * share;
      }
    }
  }

  #addLeaf(depth: number, leaf: number): void {
    const { classes, leafValues } = this.#forest;
    if (classes === 0) {
      this.#addOutput(depth, 0, leafValues[leaf] ?? 0);
    } else if (leaf < classes) {
      this.#addOutput(depth, leaf, 1);
    } else {
      const row = (leaf - classes) * classes;
      for (let label = 0; label < classes; label++) this.#addOutput(depth, label, leafValues[row + label] ?? 0);
    }
  }

  #addOutput(depth: number, output: number, prediction: number): void {
    const count = this.#points.length;
    const to = (depth * this.#outputs + output) * count;
    for (let point = 0; point < count; point++) {
      this.#sum[to + point] = (this.#sum[to + point] ?? 0) + prediction * (this.#product[depth * count + point] ?? 0);
    }
  }

  /**
   * Hot. Adds what the leaves below an edge give to its feature, in place of what they would give with the factor that the
   * feature had before; hands their sums to the edge above.
   */
  #close(depth: number, result: Float64Array, to: number): void {
    const sum = this.#sum;
    const gain = this.#gain;
    const count = this.#points.length;
    const stride = this.#outputs * count;
    const edge = depth * count;
    const before = (this.#previous[depth] ?? 0) * count;
    for (let output = 0; output < this.#outputs; output++) {
      const from = depth * stride + output * count;
      let contribution = 0;
      for (let point = 0; point < count; point++) {
        const below = sum[from + point] ?? 0;
        contribution += below * ((gain[edge + point] ?? 0) - (gain[before + point] ?? 0));
        sum[from + point - stride] = (sum[from + point - stride] ?? 0) + below;
        sum[from + point] = 0;
      }
      const at = to + output * (this.#forest.features + 1) + (this.#feature[depth] ?? 0);
      result[at] = (result[at] ?? 0) + contribution;
    }
  }
}

/** Nodes of the tree that has most, and splits on the longest path of any tree. */
function largestTree({ nodes, treeStarts, columnBits, trees }: FlatForest): { readonly nodes: number; readonly depth: number } {
  const most = treeStarts.reduce((largest, start, tree) => Math.max(largest, (treeStarts[tree + 1] ?? start) - start), 0);
  const depths = new Uint32Array(most);
  let depth = 0;
  for (let tree = 0; tree < trees; tree++) {
    const start = treeStarts[tree] ?? 0;
    const end = treeStarts[tree + 1] ?? 0;
    for (let node = start; node < end; node++) {
      const distance = (nodes[2 * node + 1] ?? 0) >>> columnBits;
      if (distance === 0) continue;
      const below = (depths[node - start] ?? 0) + 1;
      depths[node + 1 - start] = below;
      depths[node + distance - start] = below;
      depth = Math.max(depth, below);
    }
  }
  return { nodes: most, depth };
}
