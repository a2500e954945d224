"""Text that can be predicted only by looking back: lists that come again, look-ups, repetition of words without a meaning.

Attention heads that find an earlier occurrence and copy what followed it (Olsson et al. 2022) form when the data reward
them; templates over a few dozen names and nouns do not, for a small model learns the names instead.
"""
from __future__ import annotations

import random
import re

from ..common import Turn, render
from .packs import DATA, PACKS, invent, upper

KINDS = {"again": 40, "lookup": 35, "repeat": 25}


class Copying:
    def __init__(self, rng: random.Random, lang: str, lines: list[str]) -> None:
        self.rng, self.lang, self.lines = rng, lang, lines
        self.words = sorted({w for line in lines for w in re.findall(r"[^\W\d_]{3,}", line)})
        self.repeats = DATA[lang]["facts"]["repeat"] if lang in PACKS else ["{s}"]

    def word(self) -> str:
        return invent(self.rng.randrange(10**6)) if self.rng.random() < 0.35 else self.rng.choice(self.words)

    def name(self) -> str:
        return upper(self.word())

    def again(self) -> str:
        """Words in a row, twice to four times, as plain text."""
        rng = self.rng
        row = [self.word() for _ in range(rng.randint(4, 30))]
        mark = rng.choice((" ", ", ", ". ", " – "))
        return rng.choice((". ", " | ", "; ", " ")).join([mark.join(row)] * rng.randint(2, 4))

    def lookup(self) -> list[Turn]:
        """Names with words, then questions about some of them."""
        rng = self.rng
        pairs = {self.name(): self.word() for _ in range(rng.randint(2, 7))}
        mark, end = rng.choice((": ", " = ", " – ")), rng.choice((". ", ", ", "; "))
        told = end.join(f"{k}{mark}{v}" for k, v in pairs.items()).rstrip()
        asked = rng.sample(list(pairs), rng.randint(1, len(pairs)))
        first = ("system", told), ("user", f"{asked[0]}?")
        turns = list(first) if rng.random() < 0.3 else [("user", f"{told}. {asked[0]}?")]
        for i, name in enumerate(asked):
            turns += ([("user", f"{name}?")] if i else []) + [("assistant", rng.choice(("{v}.", "{k}{mark}{v}.")).format(k=name, v=pairs[name], mark=mark))]
        return turns

    def repeat(self) -> list[Turn]:
        rng, turns = self.rng, []
        for _ in range(rng.randint(1, 3)):
            said = rng.choice(self.lines) if rng.random() < 0.5 else " ".join(self.word() for _ in range(rng.randint(1, 10)))
            turns += [("user", rng.choice(self.repeats).format(s=said)), ("assistant", said)]
        return turns

    def document(self) -> str:
        kinds = [k for k in KINDS if k != "repeat" or self.lang in PACKS]
        kind = self.rng.choices(kinds, [KINDS[k] for k in kinds])[0]
        made = getattr(self, kind)()
        return made if isinstance(made, str) else render(made)
