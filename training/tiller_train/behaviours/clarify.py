"""Ambiguous questions, which are asked back, and clear ones of the same length, which are answered."""
from __future__ import annotations

import random

from ..common import Turn
from .conversation import Conversation
from .packs import DATA, PACKS

HELD_PAIRS, HELD_VAGUE = 3, 2


class Clarify:
    def __init__(self, rng: random.Random, talk: Conversation, lang: str) -> None:
        self.rng, self.talk, self.lang, self.table = rng, talk, lang, DATA[lang]["clarify"]
        held = talk.pools.split == "held"
        self.pairs = self.table["pairs"][-HELD_PAIRS:] if held else self.table["pairs"][:-HELD_PAIRS]
        self.vague = self.table["vague"][-HELD_VAGUE:] if held else self.table["vague"][:-HELD_VAGUE]

    def exchange(self, ambiguous: bool) -> tuple[str, str]:
        rng = self.rng
        if rng.random() < 0.6:
            unclear, back, clear, answer = rng.choice(self.pairs)
            ask, reply = (unclear, back) if ambiguous else (clear, answer)
            reply = rng.choice(self.table["askback"]) if ambiguous and rng.random() < 0.25 else reply
        elif ambiguous:
            ask, reply = rng.choice(self.vague), rng.choice(self.table["askback"])
        else:
            pools = self.talk.pools
            subject = rng.choice(pools.topics) if rng.random() < 0.5 else pools.noun(rng)
            ask = rng.choice(PACKS[self.lang].ASK).format(**pools.slots(self.lang, subject))
            reply = self.talk.replies.topic(self.lang, subject, None, rng.choice(("plain", "brief")))
        return rng.choice(self.table["pre"]) + ask, reply

    def document(self) -> list[Turn]:
        """One or two exchanges; an ambiguous question always comes first, so that nothing before it explains it."""
        ask, reply = self.exchange(self.rng.random() < 0.5)
        turns = [("user", ask), ("assistant", reply)]
        if self.rng.random() < 0.3:
            more = self.exchange(False)
            turns += [("user", more[0]), ("assistant", more[1])]
        return turns
