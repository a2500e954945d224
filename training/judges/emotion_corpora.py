"""The labelled corpora of the emotion judge's shared heads, with what each of them asked, and their encoded texts."""

from common import WORK, plain, read_lines, text_number
import numpy as np

from emotion_labels import EMOTIONS, GROUP_OF, LANGUAGES
from encoder_numpy import Encoder

SIX = EMOTIONS[:6]
SOURCES = {"G": "GoEmotions", "X": "XED", "B": "BRIGHTER"}
# the encoder has no pieces of Hindi; of Japanese there are 64 lines
READ = [language for language in LANGUAGES if language not in ("hi", "ja")]
# cosine of sentences from which on a training line counts as a copy or, in XED, a translation of a held-out one
NEAR = {"X": 0.75, "B": 0.9}


class Corpora:
    """
    source, language, split [texts]; shown and asked [texts, 7]: whether a text shows an emotion, and whether anybody was asked for it
    (BRIGHTER's English has no disgust; XED's other languages no neutral; Spanish texts of BRIGHTER all show something); dense [texts, 547]
    """

    def __init__(self):
        texts, source, language, split, shown, asked = [], [], [], [], [], []

        def add(name, own_language, text, labels, questions, own_split=None):
            number = text_number(plain(text)) % 10
            texts.append(text)
            source.append(name)
            language.append(own_language)
            split.append(own_split or ("test" if number < 2 else "dev" if number == 2 else "train"))
            shown.append([emotion in labels for emotion in EMOTIONS])
            asked.append([emotion in questions for emotion in EMOTIONS])

        for line in read_lines("xed/xed.jsonl.xz"):
            if line["lang"] in READ:
                add("X", line["lang"], line["text"], line["emotions"], EMOTIONS if line["lang"] == "en" else SIX)
        for line in read_lines("brighter_train/brighter_train.jsonl.xz"):
            if line["lang"] in READ:
                neutral = [] if line["lang"] == "es" else ["neutral"]
                add("B", line["lang"], line["text"], line["emotions"] or ["neutral"], line["asked"] + neutral)
        for line in read_lines("goemotions/goemotions.jsonl.xz"):
            add("G", "en", line["text"], {GROUP_OF[fine] for fine in line["emotions"]}, EMOTIONS, line["split"])
        self.source, self.language, self.split = np.array(source), np.array(language), np.array(split)
        self.shown, self.asked = np.array(shown), np.array(asked)
        self.dense = encoded(texts, "corpora")
        self.split[self._copies()] = "copy"

    def rows(self, source, language=None, *splits):
        found = self.source == source
        if language is not None:
            found &= self.language == language
        return np.where(found & np.isin(self.split, splits))[0] if splits else np.where(found)[0]

    def _copies(self):
        """XED's and BRIGHTER's training lines near a held-out one, in any language: most of XED's are translations of each other."""
        sentence = self.dense[:, :512] / np.maximum(np.linalg.norm(self.dense[:, :512], axis=1, keepdims=True), 1e-6)
        held = np.where((self.source != "G") & (self.split != "train"))[0]
        train = np.where((self.source != "G") & (self.split == "train"))[0]
        near = [(sentence[train[i : i + 2000]] @ sentence[held].T).max(1) for i in range(0, len(train), 2000)]
        return train[np.concatenate(near) > np.array([NEAR[name] for name in self.source[train]])]


def encoded(texts, name):
    """Dense features, kept in training/work: they take minutes."""
    path = WORK.parent / "encoded" / f"{name}.npy"
    if path.exists() and len(kept := np.load(path)) == len(texts):
        return kept.astype(np.float32)
    path.parent.mkdir(parents=True, exist_ok=True)
    found = Encoder().dense(texts)
    np.save(path, found.astype(np.float16))
    return found
