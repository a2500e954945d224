"""
Writes what the shipped weights make of a few sentences, computed here and not by the daemon's code:
test/unit/evaluate/fixtures/judges.json, which a test holds against the judges. Tokens and pieces of words come from the daemon's
code, since the trainers have them from there too. One command, after each training: python training/judges/pinned.py
"""

import json
import subprocess
from pathlib import Path

# first: it pins the number of threads
from common import PRESETS, ROOT, Features
import numpy as np
from safetensors.numpy import load_file

from emotion_labels import EMOTIONS
from encoder_numpy import MOST, Encoder
from fitting import logit, sigmoid
from pinned_texts import EMOTION, REPLIES, TOXICITY


def logits(file, features, row):
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
    return total


def card_of(judge):
    return json.loads((PRESETS / judge / "card.json").read_text(encoding="utf-8"))


def emotions():
    card, folder = card_of("emotion"), PRESETS / "emotion"
    texts = [text for _, text in EMOTION]
    sentences = sentences_of(EMOTION)
    parts, owner = [part for own in sentences for part in own], [row for row, own in enumerate(sentences) for _ in own]
    features, dense = Features(parts), Encoder().dense(parts).astype(float)
    for row, (language, text) in enumerate(EMOTION):
        model = card["models"][language]
        file, names = load_file(folder / model["file"]), [name for name in model["labels"] if not name.startswith("fine:")]
        own = [english(card, file, features, part, dense[part]) if language == "en" else shared(file, dense[part])
               for part, of in enumerate(owner) if of == row]
        middle = np.array(model["everyday"])
        pooled = middle + (np.array(own) - middle).sum(0) / len(own) ** 0.5
        yield text, language, dict(zip(names, sigmoid(np.clip(pooled, -MOST, MOST))))


def english(card, file, features, row, dense):
    """Logits of one sentence."""
    model, found = card["models"]["en"], []
    chances = dict(zip(model["labels"], sigmoid(logits(file, features, row))))
    for k, name in enumerate(EMOTIONS):
        parts = [chances[f"fine:{fine}"] for fine in card["groups"].get(name, [])]
        own = logit(chances[name])
        if parts:
            own = card["direct"] * own + (1 - card["direct"]) * logit(1 - np.prod(1 - np.array(parts)))
        found.append((1 - card["encoderShare"]) * logit(sigmoid(own)) + card["encoderShare"] * dense[512 + k])
    return found


def shared(file, dense):
    """The same by the heads of the other languages."""
    file = {name: values.astype(float) for name, values in file.items()}
    inside = np.maximum(dense @ file["hidden"] + file["hidden.bias"], 0)
    return inside @ file["out"] + dense @ file["skip"] + file["bias"]


def sentences_of(texts):
    """Of each (language, text): its sentences as the daemon cuts them, or itself."""
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    found = subprocess.run(["node", str(Path(__file__).with_name("sentences.mjs"))], input=lines.encode(), stdout=subprocess.PIPE, check=True)
    return [own if len(own) > 1 else [text] for own, (_, text) in zip(map(json.loads, found.stdout.decode().splitlines()), texts)]


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
