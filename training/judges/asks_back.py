"""
Trains the word-based part of the asks-back judge, for English without question marks: Qulac's clarifying questions against
its answers and facets' plain statements, split by topic. One command: python training/judges/asks_back.py
The whole judge is then measured by training/judges/asks_back.mjs, which adds to the card.
"""

import subprocess
from pathlib import Path

# first: it pins the number of threads
from common import ROOT, Bag, Features, export, publish, read_lines, sha256, split_of, work_folder, write_card
import numpy as np
from scipy.sparse import hstack
from sklearn.metrics import roc_auc_score

from fitting import baseline, interval, regress, thresholds

STRENGTHS = (0.3, 1, 3)
SHORTEST = 2  # answers such as "yes" tell nothing about wording


def read():
    seen, texts, asks, splits, topics = set(), [], [], [], []
    for line in read_lines("qulac/qulac.jsonl.xz"):
        # by topic, so that no topic's words are known from training
        split = split_of(line["topic"])
        for text, label in ((line["clarifying_question"], True), (line["answer"], False)):
            text = text.rstrip("?. ").lower()
            if text not in seen and len(text.split()) >= SHORTEST:
                seen.add(text)
                texts.append(text)
                asks.append(label)
                splits.append(split)
                topics.append(line["topic"])
    return texts, np.array(asks), splits, np.array(topics)


def main():
    texts, asks, splits, topics = read()
    at = {name: [i for i, split in enumerate(splits) if split == name] for name in ("train", "dev", "test")}
    features = Features(texts)
    bags = {"words": Bag(features.words, at["train"], 2), "chars": Bag(features.chars, at["train"], 4)}
    matrix = hstack([bag.matrix(getattr(features, kind)) for kind, bag in bags.items()]).tocsr()
    best = max(
        ((strength, *regress(matrix[at["train"]], asks[at["train"]][:, None], strength, "balanced")) for strength in STRENGTHS),
        key=lambda found: roc_auc_score(asks[at["dev"]], (matrix[at["dev"]] @ found[1] + found[2])[:, 0]),
    )
    folder = work_folder("asks-back")
    path = folder / "en.safetensors"
    weights = export(path, bags, best[1], best[2])
    chances = 1 / (1 + np.exp(-(matrix @ weights + best[2])[:, 0]))
    limit = thresholds(chances[at["dev"]][:, None], asks[at["dev"]][:, None])[0]
    truth, test = asks[at["test"]], chances[at["test"]]
    accuracy = lambda weights: float(np.average((test >= limit) == truth, weights=weights))
    base = baseline(features.words, asks[:, None], at)["tuned"]
    measured = [{
        "set": "Qulac, held-out topics, without punctuation (words alone)", "language": "en", "metric": "accuracy",
        "value": round(accuracy(None), 4), "n": len(truth), "interval": interval(accuracy, topics[at["test"]]),
        "trainedOn": len(at["train"]),
        "baselines": [{"name": "TF-IDF + logistic regression", **base[0], "value": round(float((base[1][:, 0] == truth).mean()), 4)}],
    }]
    print(measured, flush=True)
    write_card(folder, {
        "id": "asks-back", "title": "Asks back or answers", "version": "2", "labels": ["asks", "answers"],
        "measures": "Whether a reply ends by asking the user something that it wants answered: 1 or 0 by the rule, a probability "
                    "where an English reply has no end mark and its words decide.",
        "models": {"en": {"file": "en.safetensors", "labels": ["asks"], "thresholds": [round(float(limit), 4)], "lines": len(texts)}},
        "refused": {}, "hashes": {"en.safetensors": sha256(path)}, "measured": measured,
        "data": [
            {"name": "Qulac", "licence": "MIT", "attribution": "Aliannejadi et al. 2019", "use": "train, dev and test by topic; label: clarifying question or answer"},
            {"name": "asks_back.jsonl", "licence": "MIT", "attribution": "written for this project", "use": "test only; label: does the reply need the user's answer"},
            {"name": "ambiguity_length_matched", "licence": "CC0", "attribution": "written for this project", "use": "test only; all are questions"},
            {"name": "Tatoeba", "licence": "CC BY 2.0 FR", "attribution": "Tatoeba contributors, tatoeba.org", "use": "test only; label: does the English translation end in a question mark"},
        ],
        "limits": [
            "A question that the reply then answers in one long sentence at its very end, or with a list, is taken for one to the user.",
            "A question to the user with more than one sentence behind it is taken for an answer, unless those are options in a list or "
            "short offers that the rule knows (such as “Let me know.”).",
            "In Japanese without a question mark, か at the end is taken for a question, save in the words that the rule knows to end in it.",
            "Outside English, a reply that asks without a question mark is taken for an answer.",
            "The project-written test set is small, and its authors wrote the rule as well.",
        ],
        "command": "python training/judges/asks_back.py",
    })
    subprocess.run(["node", str(Path(__file__).with_name("asks_back.mjs")), str(ROOT / "training" / "work")], check=True, cwd=ROOT)
    publish("asks-back")


if __name__ == "__main__":
    main()
