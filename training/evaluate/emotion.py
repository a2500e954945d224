"""Which feeling of the written tables a text is of the kind of: what training showed, not how people would read it."""
from __future__ import annotations

import math
import re
from collections import Counter

from tiller_train.behaviours.packs import DATA, FEELINGS, PACKS

from .text import marks


class Emotion:
    """Multinomial naive Bayes on words and word pairs of one language's tables."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        rows = {f: (PACKS[lang].REPLY[f] + [s for part in PACKS[lang].TONE[f].values() for s in part]) if lang in PACKS
                else DATA[lang]["tones"][f]["reply"] for f in FEELINGS}
        if lang in PACKS:
            rows["neutral"] = rows["neutral"] + PACKS[lang].PLAIN + [s for _, facts in PACKS[lang].TOPICS.values() for s in facts]
        else:
            rows["neutral"] = rows["neutral"] + [s for _, facts in DATA[lang]["topics"] for s in facts]
        self.counts = {f: Counter(g for text in texts for g in self.grams(text)) for f, texts in rows.items()}
        self.size = len({g for c in self.counts.values() for g in c})

    def grams(self, text: str) -> list:
        w = marks(re.sub(r"\{\w\}", "", text), self.lang)
        return w + list(zip(w, w[1:]))

    def classify(self, text: str) -> str:
        score = lambda c: sum(math.log((c[g] + 0.5) / (sum(c.values()) + 0.5 * self.size)) for g in self.grams(text))  # noqa: E731
        return max(self.counts, key=lambda f: score(self.counts[f]))


def phrases(lang: str, style: str) -> list[str]:
    """The polite or rude openings and closings of training."""
    if lang in PACKS:
        pack = PACKS[lang]
        return pack.POLITE_OPEN + pack.POLITE_CLOSE if style == "polite" else pack.RUDE_OPEN + pack.RUDE_CLOSE
    return DATA[lang][style]["open"] + DATA[lang][style]["close"]


def said(text: str, rows: list[str]) -> bool:
    """Whether one of the phrases occurs in the text, but for its final mark."""
    return any(row.rstrip(".!?。！？ ").lower() in text.lower() for row in rows)
