"""What the judges' trainers share: features (from the daemon's own code), TF-IDF, logistic regression, figures, export."""

import os

# sums of floats depend on how many threads share them; the libraries read these when they are loaded
THREADS = 1
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = str(THREADS)

import hashlib
import itertools
import json
import lzma
import re
import shutil
import subprocess
import threading
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from scipy.optimize import minimize
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold
from safetensors.numpy import save_file

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("TILLER_SHARED", ROOT.parent / "shared")) / "data"
PRESETS = ROOT / "presets" / "judges"
# where a run writes until it has everything; not in git
WORK = ROOT / "training" / "work" / "judges"


def read_texts(path, first, last):
    """Lines first to last of an .xz file of texts under shared/data."""
    with lzma.open(DATA / path, "rt", encoding="utf-8") as lines:
        return [line.rstrip("\n") for line in itertools.islice(lines, first, last)]


def read_lines(path):
    """JSON objects of an .xz file under shared/data."""
    with lzma.open(DATA / path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def fold(text):
    """0 to 19, from the text's letters and digits alone, so that copies that differ in case or punctuation share a fold."""
    return text_number("".join(letter for letter in text.lower() if letter.isalnum())) % 20


def text_number(text):
    return int(hashlib.md5(text.encode()).hexdigest()[:8], 16)


def split_of(text):
    """Fixed split: folds 0 to 3 test (20%), 4 and 5 dev (10%), the rest train (70%)."""
    number = fold(text)
    return "test" if number < 4 else "dev" if number < 6 else "train"


def plain(text):
    return re.sub(r"\W+", "", text.lower())


def through_node(script, texts, *arguments, kind=np.int32):
    """What a script beside this file makes of texts (one JSON string per line on its stdin): the numbers on its stdout."""
    node = subprocess.Popen(["node", str(Path(__file__).with_name(script)), *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def feed():
        for text in texts:
            node.stdin.write((json.dumps(text) + "\n").encode())
        node.stdin.close()

    feeder = threading.Thread(target=feed)
    feeder.start()
    values = np.frombuffer(node.stdout.read(), dtype=kind)
    feeder.join()
    if node.wait() != 0:
        raise RuntimeError(f"{script} failed; run `npm run build` first")
    return values


class Features:
    """Word and character feature hashes of texts, by out/daemon/evaluate/judges/features.js, as `judge` prepares them if named."""

    def __init__(self, texts, *judge):
        values = through_node("features.mjs", texts, *judge)
        self.words, self.chars, at = [], [], 0
        for _ in texts:
            for bag in (self.words, self.chars):
                size = int(values[at])
                bag.append(values[at + 1 : at + 1 + size])
                at += 1 + size


class Bag:
    """TF-IDF (sublinear counts, smoothed idf, length 1) over the features that at least `fewest` training texts hold."""

    def __init__(self, hashes, train, fewest):
        found, counts = np.unique(np.concatenate([np.unique(hashes[i]) for i in train]), return_counts=True)
        self.vocabulary = found[counts >= fewest]
        self.transformer = TfidfTransformer(sublinear_tf=True).fit(self.count([hashes[i] for i in train]))

    def count(self, hashes):
        columns, ends = [], [0]
        for row in hashes:
            place = np.searchsorted(self.vocabulary, row)
            place[place == len(self.vocabulary)] = 0
            columns.append(place[self.vocabulary[place] == row])
            ends.append(ends[-1] + len(columns[-1]))
        indices = np.concatenate(columns)
        matrix = sp.csr_matrix((np.ones(len(indices)), indices, ends), shape=(len(hashes), len(self.vocabulary)))
        matrix.sum_duplicates()
        return matrix

    def matrix(self, hashes):
        return self.transformer.transform(self.count(hashes))


def regress(matrix, targets, strength, weight=None):
    """One logistic regression per column of `targets`. @returns weights [features, labels], bias [labels]"""
    weights, bias = [], []
    for column in targets.T:
        model = LogisticRegression(C=strength, class_weight=weight, solver="liblinear", tol=1e-3).fit(matrix, column)
        weights.append(model.coef_[0])
        bias.append(model.intercept_[0])
    return np.array(weights).T, np.array(bias)


def regress_dense(sparse, dense, targets, strength, blocks=((512, 0.7), (35, 0.5))):
    """
    One logistic regression per column of `targets` with balanced classes over sparse and dense features together; L2 on both,
    none on the bias. Dense features are standardised, and a block of d of them is scaled by its scale / √d, so that its length
    is like that of a bag. @returns weights of sparse [features, labels] and of the raw dense features, bias [labels]
    """
    middle, spread = dense.mean(0), np.maximum(dense.std(0), 1e-6)
    factor = np.concatenate([np.full(size, scale / size**0.5) for size, scale in blocks]) / spread
    thick = (dense - middle) * factor
    signs = np.where(targets, 1.0, -1.0)
    share = targets.mean(0)
    weight = np.where(targets, 0.5 / share, 0.5 / (1 - share)) * strength
    size, labels = sparse.shape[1], targets.shape[1]
    turned = sparse.T.tocsr()

    def loss(flat):
        w = flat.reshape(-1, labels)
        margins = signs * (sparse @ w[:size] + thick @ w[size:-1] + w[-1])
        pull = -signs * weight * sigmoid(-margins)
        slope = np.vstack([turned @ pull + w[:size], thick.T @ pull + w[size:-1], pull.sum(0)])
        return np.sum(weight * np.logaddexp(0, -margins)) + 0.5 * np.sum(w[:-1] ** 2), slope.ravel()

    found = minimize(loss, np.zeros((size + dense.shape[1] + 1) * labels), jac=True, method="L-BFGS-B", options={"maxiter": 150, "ftol": 1e-6})
    w = found.x.reshape(-1, labels)
    raw = w[size:-1] * factor[:, None]
    return w[:size], raw, w[-1] - middle @ raw


def out_of_fold(targets, groups, fit, predict, folds=4):
    """
    Macro-F1 and thresholds from predictions on parts of the training lines that each part's model, and so its copies, has not
    seen: many more texts than a dev split has, so rare emotions get steadier thresholds.
    @param fit rows → model; @param predict rows, model → probabilities. @returns macro-F1, thresholds, macro-F1 at 0.5
    """
    chances = np.zeros(targets.shape)
    for rows, held in GroupKFold(folds, shuffle=True, random_state=0).split(targets, groups=groups):
        chances[held] = predict(held, fit(rows))
    limits = thresholds(chances, targets)
    return macro_f1(chances >= limits, targets), limits, macro_f1(chances >= 0.5, targets)


def sigmoid(values):
    return 1 / (1 + np.exp(-values))


def logit(chances):
    clipped = np.clip(chances, 1e-4, 1 - 1e-4)
    return np.log(clipped / (1 - clipped))


def thresholds(chances, targets):
    """Per label, the threshold of the best F1 on the dev split."""
    chosen = []
    for chance, target in zip(chances.T, targets.T):
        tries = np.quantile(chance, np.linspace(0.02, 0.995, 150))
        chosen.append(float(max(tries, key=lambda at: f1_score(target, chance >= at, zero_division=0))))
    return np.array(chosen)


def f1_each(decided, targets, weights=None):
    """@param weights how often each line counts; once unless given"""
    every = np.ones(len(targets)) if weights is None else weights
    hits = every @ (decided & targets)
    return 2 * hits / np.maximum(1, every @ decided + every @ targets)


def macro_f1(decided, targets, weights=None):
    return float(f1_each(decided, targets, weights).mean())


def interval(figure, groups, draws=1000, seed=20261124):
    """
    95% bootstrap interval of `figure(weights)`, which counts each test text as often as its group was drawn: copies of one
    text, or what was made from one text, are no further evidence of it.
    @param groups number of the group of each text, or how many texts there are where each stands for itself
    """
    random = np.random.default_rng(seed)
    own = np.arange(groups) if np.isscalar(groups) else np.unique(groups, return_inverse=True)[1]
    count = own.max() + 1
    values = [figure(np.bincount(random.integers(0, count, count), minlength=count)[own]) for _ in range(draws)]
    return [round(float(x), 4) for x in np.quantile(values, [0.025, 0.975])]


def baseline(words, targets, at, strengths=(0.3, 1, 3, 10)):
    """
    TF-IDF over words and pairs of words, logistic regression per label; strength and class weight chosen on dev by
    macro-F1. @returns for both rules, p ≥ 0.5 and thresholds tuned on dev: (settings, decisions on test)
    """
    bag = Bag(words, at["train"], 1)
    matrix = {name: bag.matrix([words[i] for i in rows]) for name, rows in at.items()}
    best = {}
    for weight in (None, "balanced"):
        for strength in strengths:
            coefficients, bias = regress(matrix["train"], targets[at["train"]], strength, weight)
            dev, test = (sigmoid(matrix[name] @ coefficients + bias) for name in ("dev", "test"))
            for rule, limit in (("half", 0.5), ("tuned", thresholds(dev, targets[at["dev"]]))):
                score = macro_f1(dev >= limit, targets[at["dev"]])
                if rule not in best or score > best[rule][0]:
                    best[rule] = (score, {"C": strength, "classWeight": weight or "none"}, test >= limit)
    return {rule: found[1:] for rule, found in best.items()}


def baseline_over_folds(words, targets, fold, groups, settings=None):
    """
    The same baseline over folds: each is decided by a model from the others; strength and class weight are chosen within the
    first one's training lines, thresholds within each one's. @returns for both rules: (settings, decisions on all lines)
    @param settings rule → (strength, class weight) where they have been chosen before
    """
    decided = {rule: np.zeros(targets.shape, bool) for rule in ("half", "tuned")}
    for held in np.unique(fold):
        train, test = np.where(fold != held)[0], np.where(fold == held)[0]
        bag = Bag(words, train, 1)
        inside, outside = (bag.matrix([words[i] for i in rows]) for rows in (train, test))
        fit = lambda strength, weight: (lambda rows: regress(inside[rows], targets[train][rows], strength, weight))
        predict = lambda rows, model: sigmoid(inside[rows] @ model[0] + model[1])
        if settings is None:
            tried = {(s, w): out_of_fold(targets[train], groups[train], fit(s, w), predict) for w in (None, "balanced") for s in (0.3, 1, 3, 10)}
            settings = {"tuned": max(tried, key=lambda k: tried[k][0]), "half": max(tried, key=lambda k: tried[k][2])}
        for rule, (strength, weight) in settings.items():
            coefficients, bias = fit(strength, weight)(np.arange(len(train)))
            limits = 0.5 if rule == "half" else out_of_fold(targets[train], groups[train], fit(strength, weight), predict)[1]
            decided[rule][test] = sigmoid(outside @ coefficients + bias) >= limits
    return {rule: ({"C": s, "classWeight": w or "none"}, decided[rule]) for rule, (s, w) in settings.items()}


def export(path, bags, weights, bias, dense=None):
    """
    Writes a classifier in the form of daemon/evaluate/judges/linear.ts. @returns what the 8-bit weights stand for, and with
    weights of dense features what their 16 bits do
    """
    scale = np.abs(weights).max(0) / 127
    bytes_ = (np.round(weights / scale) + 128).astype(np.uint8)
    tensors = {"scale": scale.astype(np.float32), "bias": bias.astype(np.float32)}
    start = 0
    for name, bag in bags.items():
        size = len(bag.vocabulary)
        tensors[f"{name}.vocabulary"] = bag.vocabulary.astype(np.int32)
        tensors[f"{name}.idf"] = bag.transformer.idf_.astype(np.float16)
        # safetensors writes a view in memory order, so it must be in row order
        tensors[f"{name}.weights"] = np.ascontiguousarray(bytes_[start : start + size])
        start += size
    if dense is not None:
        tensors["dense"] = np.ascontiguousarray(dense.astype(np.float16))
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path)
    path.chmod(0o644)
    meant = (bytes_.astype(np.float64) - 128) * scale
    return meant if dense is None else (meant, tensors["dense"].astype(np.float64))


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def work_folder(judge, keep=False):
    """Empty unless `keep`; on the presets' file system, so that files can be moved there at once."""
    folder = WORK / judge
    if folder.exists() and not keep:
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def write_card(folder, card):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "card.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def publish(judge):
    """Moves the weights and the card of a finished run to the presets together: a card without its weights loads nowhere."""
    folder = WORK / judge
    (PRESETS / judge).mkdir(parents=True, exist_ok=True)
    for file in sorted(folder.glob("*.safetensors")) + [folder / "card.json"]:
        os.replace(file, PRESETS / judge / file.name)
    shutil.rmtree(folder)
