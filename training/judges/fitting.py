"""What the judges' trainers share: logistic regression, thresholds, figures with their intervals, and the baseline."""

# first: it pins the number of threads
from common import Bag
import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold


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


def baseline_over_folds(words, targets, fold, groups):
    """
    The same baseline over folds: each is decided by a model from the others; strength and class weight are chosen within the
    first one's training lines, thresholds within each one's. @returns for both rules: (settings, decisions on all lines)
    """
    settings, decided = None, {rule: np.zeros(targets.shape, bool) for rule in ("half", "tuned")}
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
