"""What the judges' trainers share: logistic regression, thresholds, figures with their intervals, and the baseline."""

# first: it pins the number of threads
from common import Bag
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score


def regress(matrix, targets, strength, weight=None):
    """One logistic regression per column of `targets`. @returns weights [features, labels], bias [labels]"""
    weights, bias = [], []
    for column in targets.T:
        model = LogisticRegression(C=strength, class_weight=weight, solver="liblinear", tol=1e-3).fit(matrix, column)
        weights.append(model.coef_[0])
        bias.append(model.intercept_[0])
    return np.array(weights).T, np.array(bias)


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


def f1_of(decided, target, weights=None):
    """Of one label. @param weights how often each text counts; once unless given"""
    every = np.ones(len(target)) if weights is None else weights
    return float(2 * (every @ (decided & target)) / max(1, every @ decided + every @ target))


def calibration_error(chances, target, bins=10):
    """Expected calibration error (Guo et al. 2017, arXiv:1706.04599) over bins of equal width, of one label."""
    place = np.minimum((chances * bins).astype(int), bins - 1)
    gaps = np.bincount(place, chances, bins) - np.bincount(place, target, bins)
    return float(np.abs(gaps).sum() / len(target))
