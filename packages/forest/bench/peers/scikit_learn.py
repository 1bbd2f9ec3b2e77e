"""scikit-learn as a peer: answers the requests of protocol.ts, one JSON line each.

The features are handed over as scikit-learn wants them, 32-bit and row by row, so that no conversion is timed.
"""

import json
import pickle
import resource
import statistics
import sys
import time
from pathlib import Path

import numpy
import sklearn
from sklearn.ensemble import RandomForestRegressor

tables = {}
forest = None


def table(folder):
    if folder not in tables:
        target = numpy.fromfile(Path(folder, "target.f64"))
        columns = numpy.fromfile(Path(folder, "columns.f32"), dtype=numpy.float32).reshape(-1, len(target))
        tables[folder] = numpy.ascontiguousarray(columns.T), target
    return tables[folder]


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def peak_megabytes():
    """`VmHWM` is this program's alone; `ru_maxrss` may hold what the process that started it had in memory."""
    try:
        status = Path("/proc/self/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / 2**20 if sys.platform == "darwin" else peak / 1024


def predict(features):
    forest.n_jobs = 1
    return forest.predict(features)


def answer(request):
    global forest
    match request["do"]:
        case "version":
            python = ".".join(map(str, sys.version_info[:3]))
            return {}, f"scikit-learn {sklearn.__version__}, numpy {numpy.__version__}, Python {python}"
        case "fit":
            features, target = table(request["table"])
            forest = RandomForestRegressor(n_estimators=request["trees"], n_jobs=request["threads"], random_state=request["seed"])
            seconds = timed(lambda: forest.fit(features, target))
            nodes = sum(tree.tree_.node_count for tree in forest.estimators_)
            return {"seconds": seconds, "trees": request["trees"], "nodes": nodes, "peakMegabytes": peak_megabytes()}, ""
        case "evaluate":
            features, target = table(request["table"])
            return {"rmse": float(numpy.sqrt(numpy.mean((predict(features) - target) ** 2)))}, ""
        case "predict":
            features, _ = table(request["table"])
            return {"seconds": timed(lambda: predict(features))}, ""
        case "predict-one":
            features, _ = table(request["table"])
            rows = (features[row : row + 1] for row in range(request["rows"]))
            return {"seconds": statistics.median(timed(lambda: predict(row)) for row in rows)}, ""
        case "save":
            file = Path(request["file"])
            file.write_bytes(pickle.dumps(forest, protocol=pickle.HIGHEST_PROTOCOL))
            return {"bytes": file.stat().st_size}, ""
        case "load":
            first = table(request["table"])[0][:1]
            return {"seconds": statistics.median(timed(lambda: load(request["file"], first)) for _ in range(5))}, ""


def load(file, first):
    global forest
    with open(file, "rb") as stream:
        forest = pickle.load(stream)
    predict(first)


for line in sys.stdin:
    try:
        figures, note = answer(json.loads(line))
        print(json.dumps({"figures": figures, "note": note}), flush=True)
    except Exception as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)
