"""
Trains the toxicity judge on the odd half of ParaDetox (lines 1, 3, 5 … counting from 1; the even half is for finding
directions, so that a judge never scores what it was trained on). One command: python training/judges/toxicity.py
"""

import numpy as np
from scipy.sparse import hstack
from sklearn.metrics import roc_auc_score

from common import PRESETS, Bag, Features, export, interval, plain, read_lines, regress, sha256, split_of, thresholds, write_card

STRENGTHS = (1, 3, 10, 30)


def read():
    """Texts, labels and splits; all forms of one sentence are in one split."""
    texts, toxic, splits = [], [], []
    for line in read_lines("paradetox/paradetox.jsonl.xz")[0::2]:
        split = split_of(line["toxic"])
        # annotators left a few sentences as they were: such a pair says nothing
        neutral = [text for text in line["neutral"] if plain(text) != plain(line["toxic"])]
        for text, label in [(line["toxic"], True), *((text, False) for text in neutral)]:
            texts.append(text)
            toxic.append(label)
            splits.append(split)
    return texts, np.array(toxic), splits


def fit(matrix, targets, at):
    best = None
    for strength in STRENGTHS:
        weights, bias = regress(matrix[at["train"]], targets[at["train"]][:, None], strength)
        score = roc_auc_score(targets[at["dev"]], (matrix[at["dev"]] @ weights + bias)[:, 0])
        if best is None or score > best[0]:
            best = (score, strength, weights, bias)
    return best[1:]


def main():
    texts, toxic, splits = read()
    hate = [line for line in read_lines("hatecheck/hatecheck.jsonl.xz") if line["lang"] == "en"]
    hateful = np.array([line["label"] == "hateful" for line in hate])
    at = {name: np.array([i for i, split in enumerate(splits) if split == name]) for name in ("train", "dev", "test")}
    features = Features(texts + [line["text"] for line in hate])
    count = len(texts)

    simple = Bag(features.words, at["train"], 1).matrix(features.words)
    base_strength, base_weights, base_bias = fit(simple[:count], toxic, at)
    base = (simple @ base_weights + base_bias)[:, 0]

    bags = {"words": Bag(features.words, at["train"], 1), "chars": Bag(features.chars, at["train"], 2)}
    matrix = hstack([bag.matrix(getattr(features, kind)) for kind, bag in bags.items()]).tocsr()
    strength, weights, bias = fit(matrix[:count], toxic, at)
    path = PRESETS / "toxicity" / "en.safetensors"
    weights = export(path, bags, weights, bias)
    scores = (matrix @ weights + bias)[:, 0]
    chances = 1 / (1 + np.exp(-scores))
    limit = thresholds(chances[at["dev"]][:, None], toxic[at["dev"]][:, None])[0]

    measured = []
    for name, rows, truth in [
        ("ParaDetox, odd half, held-out fifth", at["test"], toxic[at["test"]]),
        ("HateCheck (English): hateful or not", np.arange(count, count + len(hate)), hateful),
    ]:
        ours, theirs = scores[rows], base[rows]
        auroc = lambda pick, values: roc_auc_score(truth[pick], values[pick])
        every = np.arange(len(truth))
        entry = {
            "set": name, "language": "en", "metric": "AUROC", "value": round(auroc(every, ours), 4), "n": len(truth),
            "interval": interval(lambda pick: auroc(pick, ours), len(truth)), "trainedOn": len(at["train"]),
            "baselines": [{
                "name": "TF-IDF + logistic regression", "C": base_strength, "value": round(auroc(every, theirs), 4),
                "difference": round(auroc(every, ours) - auroc(every, theirs), 4),
                "differenceInterval": interval(lambda pick: auroc(pick, ours) - auroc(pick, theirs), len(truth)),
            }],
        }
        print(entry, flush=True)
        measured.append(entry)
    decided = chances[at["test"]] >= limit
    measured.append({"set": "ParaDetox, odd half, held-out fifth", "language": "en", "metric": "accuracy", "n": len(decided),
                     "value": round(float((decided == toxic[at["test"]]).mean()), 4), "trainedOn": len(at["train"]), "baselines": []})
    write_card(PRESETS / "toxicity", {
        "id": "toxicity", "title": "Toxicity", "version": "1", "labels": ["toxic", "civil"],
        "measures": "Probability that an English text is toxic in ParaDetox's sense: rude, vulgar or insulting words.",
        "models": {"en": {"file": "en.safetensors", "labels": ["toxic"], "thresholds": [round(float(limit), 4)], "lines": count}},
        "refused": {}, "hashes": {"en.safetensors": sha256(path)}, "measured": measured,
        "data": [
            {"name": "ParaDetox, odd half", "licence": "CC0 1.0", "attribution": "Logacheva et al. 2022", "use": "70% train, 10% dev, 20% test by the md5 of the toxic sentence's letters"},
            {"name": "HateCheck", "licence": "CC BY 4.0", "attribution": "Röttger et al. 2021", "use": "test only"},
        ],
        "limits": [
            "Toxicity and hate differ. The judge knows rude and vulgar wording; hate can be worded politely, and swearing need not "
            "be hateful. HateCheck is built from exactly these cases, and on it the judge is hardly better than chance: do not use "
            "it to look for hate.",
            "ParaDetox's rewrites keep a sentence's content, so the judge reacts to wording, and its figure on that set is an "
            "easy one.",
        ],
        "command": "python training/judges/toxicity.py",
    })


if __name__ == "__main__":
    main()
