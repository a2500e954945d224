"""
Trains the emotion judge's heads that all languages but English share, on GoEmotions, XED and BRIGHTER of all languages together, and
measures them on sources that they were not trained on. One network with one hidden layer reads the encoder's sentence and logits; each
source and language has a bias of its own in training, so that what is shared need not learn how often a corpus shows an emotion; what a
corpus did not ask is masked. Probabilities and thresholds come from what people labelled in English (GoEmotions, XED), never from the
source that is judged. One command, after emotion.py: python training/judges/emotion_shared.py
It leaves weights and figures in training/work; emotion_figures.py puts them into the presets with the card.
"""

import json

# first: it pins the number of threads
from common import WORK, read_texts
import numpy as np
from safetensors.numpy import save_file
from scipy.optimize import minimize

from emotion_corpora import READ, SIX, SOURCES, Corpora, encoded
from emotion_labels import EMOTIONS
from fitting import calibration_error, f1_of, interval, sigmoid

HIDDEN, EPOCHS, BATCH, RATE, DECAY, DROP = 128, 4, 512, 2e-3, 1e-4, 0.3
OTHERS = [language for language in READ if language != "en"]
# neither the first 2,000, which tests read, nor training text of anything here
EVERYDAY = (2000, 4000)


def weights_of(corpora, rows):
    """Sources count alike; within one, a language counts by the root of its lines. Mean 1."""
    weight = np.zeros(len(corpora.source), np.float32)
    for source in np.unique(corpora.source[rows]):
        own = rows[corpora.source[rows] == source]
        names, place, count = np.unique(corpora.language[own], return_inverse=True, return_counts=True)
        weight[own] = (count**-0.5)[place] / (count**0.5).sum()
    return weight[rows] / weight[rows].mean()


def train(corpora, left):
    """Binary cross-entropy, Adam. @param left sources that are not trained on; @returns skip, skip bias, hidden, hidden bias, out for raw features"""
    random = np.random.default_rng(0)
    rows = np.where((corpora.split == "train") & ~np.isin(corpora.source, list(left)))[0]
    weight = weights_of(corpora, rows)
    dense, asked = corpora.dense[rows], corpora.asked[rows] * weight[:, None]
    middle = (dense * weight[:, None]).sum(0) / weight.sum()
    spread = np.sqrt((weight[:, None] * (dense - middle) ** 2).sum(0) / weight.sum()) + 1e-6
    dense, shown = (dense - middle) / spread, corpora.shown[rows].astype(np.float32)
    _, corpus = np.unique(np.char.add(corpora.source[rows], corpora.language[rows]), return_inverse=True)
    inputs, labels = dense.shape[1], shown.shape[1]
    own = {"hidden": random.standard_normal((inputs, HIDDEN)) / inputs**0.5, "hidden.bias": np.zeros(HIDDEN), "out": np.zeros((HIDDEN, labels)),
           "skip": np.zeros((inputs, labels)), "bias": np.zeros(labels), "corpus": np.zeros((corpus.max() + 1, labels))}
    own = {name: values.astype(np.float32) for name, values in own.items()}
    first, second = ({name: np.zeros_like(values) for name, values in own.items()} for _ in range(2))
    steps, step = EPOCHS * (-(-len(rows) // BATCH)), 0
    for _ in range(EPOCHS):
        order = random.permutation(len(rows))
        for start in range(0, len(rows), BATCH):
            at = order[start : start + BATCH]
            step += 1
            x = dense[at] * (random.random((len(at), inputs), dtype=np.float32) > DROP / 2) / (1 - DROP / 2)
            inside = x @ own["hidden"] + own["hidden.bias"]
            kept = (random.random(inside.shape, dtype=np.float32) > DROP) / np.float32(1 - DROP) * (inside > 0)
            logits = x @ own["skip"] + own["bias"] + own["corpus"][corpus[at]] + inside * kept @ own["out"]
            pull = ((sigmoid(logits) - shown[at]) * asked[at] / len(at)).astype(np.float32)
            back = pull @ own["out"].T * kept
            slopes = {"hidden": x.T @ back, "hidden.bias": back.sum(0), "out": (inside * kept).T @ pull, "skip": x.T @ pull, "bias": pull.sum(0),
                      "corpus": np.zeros_like(own["corpus"])}
            np.add.at(slopes["corpus"], corpus[at], pull)
            rate = RATE * min(1, step / 200) * (1 - step / (steps + 1))
            for name, slope in slopes.items():
                first[name] = 0.9 * first[name] + 0.1 * slope
                second[name] = 0.999 * second[name] + 0.001 * slope**2
                move = first[name] / (1 - 0.9**step) / (np.sqrt(second[name] / (1 - 0.999**step)) + 1e-8)
                own[name] -= rate * (move + (DECAY * own[name] if name in ("skip", "hidden") else 0))
    raw = {name: own[name] / spread[:, None] for name in ("hidden", "skip")}
    return {**raw, "hidden.bias": own["hidden.bias"] - middle @ raw["hidden"], "out": own["out"], "bias": own["bias"] - middle @ raw["skip"]}


def logits_of(heads, dense):
    return dense @ heads["skip"] + heads["bias"] + np.maximum(dense @ heads["hidden"] + heads["hidden.bias"], 0) @ heads["out"]


def calibrate(corpora, logits, left):
    """
    On held-out English that people labelled, GoEmotions and XED counting alike: one slope, a bias per emotion (least cross-entropy), and
    per emotion the threshold of the best mean F1. @param left the source that is judged, which counts for nothing; @returns slope, bias [7], thresholds in calibrated logits [7]
    """
    parts = [corpora.rows(source, "en", "dev", "test") for source in ("G", "X") if source not in left]

    def loss(flat):
        total = 0
        for rows in parts:
            values = logits[rows] * flat[0] + flat[1:]
            total += (np.logaddexp(0, values) - corpora.shown[rows] * values).mean()
        return total

    found = minimize(loss, np.r_[1, np.zeros(len(EMOTIONS))], method="L-BFGS-B").x
    values, limits = logits * found[0] + found[1:], []
    for k in range(len(EMOTIONS)):
        tries = np.quantile(np.concatenate([values[rows, k] for rows in parts]), np.linspace(0.02, 0.995, 150))
        limits.append(max(tries, key=lambda limit: np.mean([f1_of(values[rows, k] >= limit, corpora.shown[rows, k]) for rows in parts])))
    return found[0], found[1:], np.array(limits)


def figures(corpora, rows, values, limits):
    """Of one corpus and language. @param values calibrated logits of all texts"""
    asked = [k for k in range(len(SIX)) if corpora.asked[rows, k].any()]
    decided, shown = values[rows][:, asked] >= limits[asked], corpora.shown[rows][:, asked]
    each = [f1_of(decided[:, i], shown[:, i]) for i in range(len(asked))]
    macro = lambda weights: float(np.mean([f1_of(decided[:, i], shown[:, i], weights) for i in range(len(asked))]))
    error = np.mean([calibration_error(sigmoid(values[rows, k]), corpora.shown[rows, k]) for k in asked])
    return {"metric": "macro-F1", "value": round(float(np.mean(each)), 4), "n": len(rows), "interval": interval(macro, len(rows), draws=400),
            "perLabel": {SIX[k]: round(float(f1), 4) for k, f1 in zip(asked, each)}, "calibrationError": round(float(error), 4), "baselines": []}


def main():
    corpora, measured = Corpora(), []
    print({name: int((corpora.split == name).sum()) for name in ("train", "copy", "dev", "test")}, flush=True)
    for left in ("X", "B", ""):
        heads = train(corpora, left)
        logits = logits_of(heads, corpora.dense)
        slope, bias, limits = calibrate(corpora, logits, left)
        values = logits * slope + bias
        for source in left or "XB":
            for language in READ if left else OTHERS:
                rows = corpora.rows(source, language, *(() if left else ("test",)))
                if len(rows) == 0:
                    continue
                name = f"{SOURCES[source]}, not trained on" if left else f"{SOURCES[source]}, held out"
                measured.append({"set": name, "language": language, **figures(corpora, rows, values, limits)})
                print(measured[-1]["set"], language, {k: measured[-1][k] for k in ("value", "interval", "calibrationError")}, flush=True)
    # calibration goes into the weights; the daemon reads six emotions of it
    size = len(SIX)
    tensors = {"hidden": heads["hidden"].astype(np.float16), "hidden.bias": heads["hidden.bias"].astype(np.float32),
               "out": (heads["out"][:, :size] * slope).astype(np.float16), "skip": (heads["skip"][:, :size] * slope).astype(np.float16),
               "bias": (heads["bias"] * slope + bias)[:size].astype(np.float32)}
    folder = WORK / "emotion"
    folder.mkdir(parents=True, exist_ok=True)
    save_file({name: np.ascontiguousarray(values) for name, values in tensors.items()}, folder / "shared.safetensors")
    everyday = {}
    for language in OTHERS:
        dense = encoded(read_texts(f"tatoeba/{language}.txt.xz", *EVERYDAY), f"everyday.{language}")
        everyday[language] = [round(float(x), 4) for x in (logits_of(heads, dense) * slope + bias)[:, :size].mean(0)]
    (folder / "shared.json").write_text(json.dumps({"thresholds": [round(float(x), 4) for x in sigmoid(limits[:size])], "everyday": everyday,
                                                    "trained": int((corpora.split == "train").sum()), "measured": measured}, indent=1))


if __name__ == "__main__":
    main()
