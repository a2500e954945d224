"""
Trains the toxicity judge on its half of ParaDetox and on civil sentences of Tatoeba and Common Voice. The half: sentences whose
md5 is odd (shared/data/MANIFEST.tsv; the even ones are for finding directions and for training models, so that no judge scores
what a model was taught). The md5 is that of the toxic sentence's bytes in UTF-8, as it stands in the file, taken as a number.
One command: python training/judges/toxicity.py
"""

import hashlib
import random
import re

# first: it pins the number of threads
from common import (ROOT, WORK, Bag, Features, export, plain, publish, read_lines,
                    read_texts, sha256, split_of, through_node, work_folder, write_card)
import numpy as np
from scipy.sparse import hstack
from sklearn.metrics import roc_auc_score

from fitting import interval, regress, thresholds
from toxicity_card import card_of

STRENGTHS = (1, 3, 10, 30)
SETS = ("tatoeba/en.txt.xz", "commonvoice/en.txt.xz")
# of the 2,000 held-out lines of each the first half gives the card's figures; on the second PIECE in toxicity.ts was chosen
MEASURED, HELD_OUT, CIVIL = 1000, 2000, 3000
DOCUMENT, DOCUMENTS = 20, 1000


def is_odd(sentence):
    return int(hashlib.md5(sentence.encode()).hexdigest(), 16) % 2 == 1


def read():
    """Texts, labels, splits and sentences they belong to; all forms of one sentence are in one split."""
    lines = read_lines("paradetox/paradetox.jsonl.xz")
    reserved = {plain(text) for line in lines if not is_odd(line["toxic"]) for text in (line["toxic"], *line["neutral"])}
    texts, toxic, splits, sentences = [], [], [], []
    for number, line in enumerate(lines):
        if not is_odd(line["toxic"]):
            continue
        # annotators left a few sentences as they were: such a pair says nothing
        neutral = [text for text in line["neutral"] if plain(text) != plain(line["toxic"])]
        for text, label in [(line["toxic"], True), *((text, False) for text in neutral)]:
            # some rewrites of odd sentences are worded as those of even ones
            if plain(text) not in reserved:
                texts.append(text)
                toxic.append(label)
                splits.append(split_of(line["toxic"]))
                sentences.append(number)
    kept = {lines[number]["toxic"] for number in sentences}
    assert all(is_odd(sentence) for sentence in kept) and not reserved & {plain(text) for text in texts}
    return texts, np.array(toxic), splits, np.array(sentences)


def fit(matrix, targets, at):
    best = None
    for strength in STRENGTHS:
        weights, bias = regress(matrix[at["train"]], targets[at["train"]][:, None], strength)
        score = roc_auc_score(targets[at["dev"]], (matrix[at["dev"]] @ weights + bias)[:, 0])
        if best is None or score > best[0]:
            best = (score, strength, weights, bias)
    return best[1:]


def limit_of(chances, toxic, rows):
    return round(float(thresholds(chances[rows][:, None], toxic[rows][:, None])[0]), 4)


def documents(insults):
    """Held-out civil sentences, 20 to a text, and the same with one insult among them, each in a random place."""
    draw = random.Random(20261128)
    lines = [read_texts(path, 0, MEASURED) for path in SETS]
    civil, mixed = [], []
    for number in range(DOCUMENTS):
        sentences = draw.sample(lines[number % len(lines)], DOCUMENT)
        civil.append(" ".join(sentences))
        sentences.insert(draw.randrange(DOCUMENT + 1), insults[number % len(insults)])
        mixed.append(" ".join(sentences))
    return civil, mixed


def civil_sets():
    """@returns name → held-out civil texts, as they stand and with other ends"""
    bare = lambda text: re.sub(r"[\s.!?…]+$", "", text)
    found = {}
    for name, path in zip(("Tatoeba", "Common Voice"), SETS):
        lines = read_texts(path, 0, MEASURED)
        found[f"{name}, held out"] = lines
        for end in (".", "!"):
            found[f"{name}, held out, each ending in '{end}'"] = [bare(line) + end for line in lines]
    return found


def main():
    texts, toxic, splits, sentences = read()
    civil = [text for path in SETS for text in read_texts(path, HELD_OUT, HELD_OUT + CIVIL)]
    at = {name: np.array([i for i, split in enumerate(splits) if split == name]) for name in ("train", "dev", "test")}
    count = len(texts)
    texts, toxic = texts + civil, np.r_[toxic, np.zeros(len(civil), bool)]
    at["train"] = np.r_[at["train"], np.arange(count, len(texts))]

    hate = [line for line in read_lines("hatecheck/hatecheck.jsonl.xz") if line["lang"] == "en"]
    hateful = np.array([line["label"] == "hateful" for line in hate])
    alone, mixed = documents([texts[i] for i in at["test"] if toxic[i]])
    sets = {"hate": [line["text"] for line in hate], **civil_sets(), "alone": alone, "mixed": mixed}
    every = texts + [text for of in sets.values() for text in of]
    ends = np.cumsum([len(texts), *map(len, sets.values())])
    rows = {name: np.arange(end - len(of), end) for (name, of), end in zip(sets.items(), ends[1:])}

    features = Features(every, "toxicity")
    simple = Bag(features.words, at["train"], 1).matrix(features.words)
    base_strength, base_weights, base_bias = fit(simple[: len(texts)], toxic, at)
    base = 1 / (1 + np.exp(-(simple @ base_weights + base_bias)[:, 0]))
    base_limit = limit_of(base, toxic, at["dev"])

    bags = {"words": Bag(features.words, at["train"], 1), "chars": Bag(features.chars, at["train"], 2)}
    matrix = hstack([bag.matrix(getattr(features, kind)) for kind, bag in bags.items()]).tocsr()[: len(texts)]
    _, weights, bias = fit(matrix, toxic, at)
    folder = work_folder("toxicity")
    path = folder / "en.safetensors"
    export(path, bags, weights, bias)
    hashes = {path.name: sha256(path)}
    # as the daemon judges them, long ones in pieces; the threshold comes after
    write_card(folder, card_of(0.5, count, len(civil), hashes, []))
    ours = through_node("scores.mjs", every, "toxicity.js", "toxicityJudge", ROOT / "training" / "work", "toxic", kind=np.float64)
    limit = limit_of(ours, toxic, at["dev"])

    measured = []

    def add(name, metric, figure, chosen, groups, settings):
        """@param figure (weights or None, chances, limit) → value"""
        value = lambda weights: figure(weights, ours[chosen], limit)
        other = lambda weights: figure(weights, base[chosen], base_limit)
        entry = {"set": name, "language": "en", "metric": metric, "value": round(value(None), 4), "n": len(chosen),
                 "interval": interval(value, len(chosen) if groups is None else groups), "trainedOn": len(at["train"]), "baselines": []}
        if settings:
            entry["baselines"].append({
                "name": "TF-IDF + logistic regression", "C": base_strength, "value": round(other(None), 4), "difference": round(value(None) - other(None), 4),
                "differenceInterval": interval(lambda weights: value(weights) - other(weights), len(chosen) if groups is None else groups),
            })
        print(entry, flush=True)
        measured.append(entry)

    auroc = lambda truth: (lambda weights, chances, _: float(roc_auc_score(truth, chances, sample_weight=weights)))
    accuracy = lambda truth: (lambda weights, chances, at_least: float(np.average((chances >= at_least) == truth, weights=weights)))
    share = lambda weights, chances, at_least: float(np.average(chances >= at_least, weights=weights))
    own = "ParaDetox, odd half, held-out fifth"
    add(own, "AUROC", auroc(toxic[at["test"]]), at["test"], sentences[at["test"]], True)
    add("HateCheck (English): hateful or not", "AUROC", auroc(hateful), rows["hate"], None, True)
    add(own, "accuracy", accuracy(toxic[at["test"]]), at["test"], sentences[at["test"]], True)
    add(f"{own}: toxic texts", "found", share, at["test"][toxic[at["test"]]], None, True)
    for name in civil_sets():
        add(name, "called toxic", share, rows[name], None, True)
    # the baseline reads only the first 64 tokens of a text, so it is not set beside these
    add(f"{DOCUMENT} sentences of Tatoeba or Common Voice, held out", "called toxic", share, rows["alone"], None, False)
    add("the same with one toxic sentence of ParaDetox's held-out fifth among them", "found", share, rows["mixed"], None, False)
    write_card(folder, card_of(limit, count, len(civil), hashes, measured))
    assert folder.parent == WORK
    publish("toxicity")


if __name__ == "__main__":
    main()
