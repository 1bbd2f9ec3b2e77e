"""Records trees of scikit-learn on small data: python record.py > scikit-learn-trees.json

Features and targets are small whole numbers, so that scikit-learn's 32-bit features are exact. A case is recorded only
if every order in which features can be tried gives the same tree: its best splits are then unique.
"""

import json
import platform
import sys

import numpy as np
import sklearn
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

ORDERS = 12

# Name, class count (0: regression), rows, features, what else the data has, options in scikit-learn's names.
CASES = [
    ("fully grown on one feature", 0, 60, 1, {}, {}),
    ("sample weights", 0, 60, 1, {"weights": True}, {}),
    ("fully grown on one feature with missing values", 0, 60, 1, {"weights": True, "missing": 0.2}, {}),
    ("missing values", 0, 60, 3, {"missing": 0.2}, {"min_samples_split": 8}),
    ("mostly missing values", 0, 40, 3, {"missing": 0.7, "weights": True}, {"min_samples_leaf": 2}),
    ("a depth", 0, 50, 4, {}, {"max_depth": 3}),
    ("small leaves refused", 0, 50, 3, {"missing": 0.1}, {"min_samples_leaf": 4}),
    ("small nodes kept whole", 0, 50, 3, {}, {"min_samples_split": 8}),
    ("a number of leaves", 0, 60, 4, {"weights": True}, {"max_leaf_nodes": 9}),
    ("a number of leaves and missing values", 0, 60, 3, {"missing": 0.2}, {"max_leaf_nodes": 12, "min_samples_leaf": 2}),
    ("small decreases refused", 0, 60, 3, {"weights": True}, {"min_impurity_decrease": 60.0}),
    ("two classes", 2, 60, 3, {"weights": True}, {"max_depth": 3}),
    ("three classes", 3, 60, 3, {"weights": True, "missing": 0.1}, {"max_depth": 4, "min_samples_leaf": 2}),
    ("five classes and a number of leaves", 5, 80, 3, {"weights": True}, {"max_leaf_nodes": 8}),
    ("small decreases refused, classes", 3, 80, 3, {"weights": True}, {"min_impurity_decrease": 0.02}),
    ("entropy", 3, 60, 3, {"weights": True}, {"criterion": "entropy", "max_depth": 3}),
    ("entropy and missing values", 4, 60, 3, {"weights": True, "missing": 0.2}, {"criterion": "entropy", "max_depth": 3, "min_samples_leaf": 2}),
    ("entropy, small decreases refused", 3, 80, 3, {"weights": True}, {"criterion": "entropy", "min_impurity_decrease": 0.04}),
    ("balanced classes", 3, 60, 3, {"weights": True}, {"class_weight": "balanced", "max_depth": 3}),
    ("weighted classes", 3, 60, 3, {"weights": True}, {"class_weight": [1, 5, 2], "max_depth": 3}),
]

OUR_NAMES = {
    "max_depth": "maxDepth",
    "min_samples_leaf": "minSamplesLeaf",
    "min_samples_split": "minSamplesSplit",
    "max_leaf_nodes": "maxLeafNodes",
    "min_impurity_decrease": "minImpurityDecrease",
    "criterion": "criterion",
    "class_weight": "classWeight",
}


def draw_data(random, classes, rows, features, has):
    x = random.integers(0, 25, size=(rows, features)).astype(float)
    signal = 9 * np.abs(x[:, 0] - 11) + x[:, features // 2] * (x[:, -1] > 9)
    target = np.round(signal + random.normal(0, 20, rows))
    if classes:
        edges = np.quantile(target, np.linspace(0, 1, classes + 1)[1:-1] ** 1.5)
        target = np.searchsorted(edges, target).astype(float)
    if "missing" in has:
        x[random.random((rows, features)) < has["missing"]] = np.nan
    weights = random.integers(1, 9, rows).astype(float) if "weights" in has else np.ones(rows)
    return x, target, weights


def fit(classes, options, order, x, target, weights):
    make = DecisionTreeClassifier if classes else DecisionTreeRegressor
    options = dict(options)
    if isinstance(options.get("class_weight"), list):
        options["class_weight"] = dict(enumerate(options["class_weight"]))
    return make(random_state=order, **options).fit(x, target, sample_weight=weights)


def describe(model, x):
    """Nodes in preorder, and for each row the number of its leaf in that order."""
    tree = model.tree_
    nodes, leaf_numbers = [], {}

    def visit(node):
        left, right = int(tree.children_left[node]), int(tree.children_right[node])
        if left < 0:
            leaf_numbers[node] = len(leaf_numbers)
            nodes.append({"value": [round(float(value), 9) for value in tree.value[node][0]]})
            return
        nodes.append({"feature": int(tree.feature[node]), "left": int(tree.n_node_samples[left]), "right": int(tree.n_node_samples[right])})
        visit(left)
        visit(right)

    visit(0)
    return {"nodes": nodes, "leafOf": [leaf_numbers[node] for node in model.apply(x)]}


def record(number, case):
    name, classes, rows, features, has, options = case
    for attempt in range(400):
        random = np.random.default_rng([number, attempt])
        x, target, weights = draw_data(random, classes, rows, features, has)
        if classes and len(np.unique(target)) < classes:
            continue
        models = [fit(classes, options, order, x, target, weights) for order in range(ORDERS)]
        trees = [describe(model, x) for model in models]
        if all(tree == trees[0] for tree in trees) and len(trees[0]["nodes"]) > 4:
            importances = [round(float(share), 9) for share in models[0].feature_importances_]
            columns = [[None if np.isnan(value) else int(value) for value in column] for column in x.T]
            ours = {OUR_NAMES[key]: value for key, value in options.items()}
            return {
                "name": name,
                "classCount": classes,
                "options": ours,
                "columns": columns,
                "target": target.astype(int).tolist(),
                "weights": weights.astype(int).tolist(),
                **trees[0],
                "importances": importances,
            }
    sys.exit(f"{name}: no data with a unique tree")


def main():
    made_by = {"python": platform.python_version(), "numpy": np.__version__, "scikit-learn": sklearn.__version__}
    cases = [record(number, case) for number, case in enumerate(CASES)]
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    print(f'{{"madeBy":{json.dumps(made_by)},"cases":[\n{lines}\n]}}')


main()
