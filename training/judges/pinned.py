"""
Writes what the shipped weights make of a few sentences, computed here and not by the daemon's code:
test/unit/evaluate/fixtures/judges.json, which a test holds against the judges. Tokens and pieces of words come from the daemon's
code, since the trainers have them from there too. One command, after each training: python training/judges/pinned.py
"""

import json

# first: it pins the number of threads
from common import PRESETS, ROOT, Features
import numpy as np
from safetensors.numpy import load_file

import encoder_net as net_of
from fitting import logit, sigmoid
from emotion_labels import EMOTIONS
from pinned_texts import EMOTION, REPLIES, TOXICITY


def logits(file, features, row, dense=None):
    """Of one text. @param file tensors as daemon/evaluate/judges/linear.ts describes them"""
    total = file["bias"].astype(float)
    for kind in ("words", "chars"):
        found, counts = np.unique(getattr(features, kind)[row], return_counts=True)
        vocabulary = file[f"{kind}.vocabulary"]
        place = np.minimum(np.searchsorted(vocabulary, found), len(vocabulary) - 1)
        known = vocabulary[place] == found
        values = (1 + np.log(counts[known])) * file[f"{kind}.idf"][place[known]].astype(float)
        weights = (file[f"{kind}.weights"][place[known]].astype(float) - 128) * file["scale"]
        total += values @ weights / max(np.linalg.norm(values), 1e-12)
    return total if dense is None else total + dense @ file["dense"].astype(float)


def card_of(judge):
    return json.loads((PRESETS / judge / "card.json").read_text(encoding="utf-8"))


def emotions():
    card, folder = card_of("emotion"), PRESETS / "emotion"
    net, _ = net_of.load(folder / "encoder.safetensors", net_of.Source())
    texts = [text for _, text in EMOTION]
    features = Features(texts)
    sentence, _, heads = net_of.outputs(net, net_of.pieces_of(texts, folder / "encoder.safetensors"))
    for row, (language, text) in enumerate(EMOTION):
        model = card["models"][language]
        dense = None if language == "en" else np.r_[sentence[row], logit(heads[row])]
        chances = dict(zip(model["labels"], sigmoid(logits(load_file(folder / model["file"]), features, row, dense))))
        values = {name: chance for name, chance in chances.items() if not name.startswith("fine:")}
        if language == "en":
            for k, name in enumerate(EMOTIONS):
                parts = [chances[f"fine:{fine}"] for fine in card["groups"].get(name, [])]
                own = logit(values[name])
                if parts:
                    own = card["direct"] * own + (1 - card["direct"]) * logit(1 - np.prod(1 - np.array(parts)))
                own = logit(sigmoid(own))
                values[name] = sigmoid((1 - card["encoderShare"]) * own + card["encoderShare"] * logit(heads[row, k]))
        yield text, language, values


def words_alone(judge, texts, name, *prepared):
    file, features = load_file(PRESETS / judge / "en.safetensors"), Features(texts, *prepared)
    for row, text in enumerate(texts):
        yield text, "en", {name: sigmoid(logits(file, features, row))[0]}


def main():
    found = {"emotion": emotions(), "toxicity": words_alone("toxicity", TOXICITY, "toxic", "toxicity"),
             "asks-back": words_alone("asks-back", REPLIES, "asks")}
    rounded = {judge: [{"text": text, "language": language, "values": {name: round(float(value), 6) for name, value in values.items()}}
                       for text, language, values in entries] for judge, entries in found.items()}
    path = ROOT / "test" / "unit" / "evaluate" / "fixtures" / "judges.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(rounded, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
