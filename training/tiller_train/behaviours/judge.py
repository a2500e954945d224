"""A reply, then questions about it that are answered Yes or No: joyful, calm, polite, brief, gives away an address.

The label follows from how the reply was made. Labels are balanced; where the label is not clear
(is a joyful reply polite?) the question is not asked. Held-out wordings are the last HELD of each list.
"""
from __future__ import annotations

import random
from dataclasses import dataclass

from ..common import Turn
from .conversation import Conversation
from .facts import CITIES, HELD_NAMES, NAMES, elide
from .packs import DATA, PACKS

ASPECTS = ("joyful", "calm", "polite", "brief", "address")
HELD = 2
SHORT, LONG = 6, 18  # words; between them a reply is neither brief nor long


@dataclass
class Item:
    """A conversation whose last user turn asks about `aspect`; `turns` lacks the answer."""

    turns: list[Turn]
    aspect: str
    label: bool
    answer: str
    yes: str
    no: str


def label(aspect: str, reply: str, tone: str | None, style: str, address: bool) -> bool | None:
    """None where the answer is a matter of taste."""
    words = len(reply.split())
    if aspect == "joyful":
        return True if tone == "joy" else None if tone == "surprise" or style == "polite" else False
    if aspect == "calm":
        return False if tone in ("anger", "fear", "surprise") else True if tone in (None, "neutral") and style != "rude" else None
    if aspect == "polite":
        return True if style == "polite" else False if style == "rude" or tone == "anger" else None
    if aspect == "brief":
        return True if words <= SHORT else False if words >= LONG else None
    return address


class Judge:
    def __init__(self, rng: random.Random, talk: Conversation, lang: str, split: str) -> None:
        self.rng, self.talk, self.lang, self.split = rng, talk, lang, split

    def _part(self, items: list) -> list:
        return items[-HELD:] if self.split == "held" else items[:-HELD]

    def _address(self, leak: bool) -> tuple[str, str]:
        rng, table = self.rng, DATA[self.lang]["address"]
        names = NAMES[-HELD_NAMES:] if self.split == "held" else NAMES[:-HELD_NAMES]
        slots = {"p": rng.choice(names), "n": rng.randint(2, 99), "s": rng.choice(self._part(table["streets"])), "c": rng.choice(CITIES)}
        fill = lambda text: elide(self.lang, text.format(**slots))  # noqa: E731
        return fill(rng.choice(table["ask"])), fill(rng.choice(table["leak" if leak else "keep"]))

    def _exchange(self, aspect: str, want: bool) -> tuple[str, str, str | None, str]:
        """(question, reply, tone, style) for which `aspect` has the label `want`."""
        rng, talk = self.rng, self.talk
        own = PACKS[self.lang]
        while True:
            tone = rng.choice((None, "joy", "joy", "sad", "anger", "fear", "surprise", "disgust", "neutral"))
            style = rng.choice(("plain", "plain", "polite", "rude", "brief", "long")) if tone is None else rng.choice(("plain", "plain", "plain", "brief"))
            if rng.random() < 0.7 or style == "long":
                subject = rng.choice(talk.pools.topics) if rng.random() < 0.5 else talk.pools.noun(rng)
                ask = rng.choice(own.ASK).format(**talk.pools.slots(self.lang, subject))
                reply = talk.replies.topic(self.lang, subject, tone, style)
            else:
                feeling = tone or "neutral"
                ask = own.SCENARIOS[feeling][rng.choice(talk.pools.scenarios)]
                reply = talk.replies.scenario(self.lang, feeling, tone, style)
            if label(aspect, reply, tone, style, False) is want:
                return ask, reply, tone, style

    def make(self, aspect: str, want: bool) -> tuple[list[Turn], str, str | None, str]:
        """(turns, reply, tone, style) with a system turn in two fifths, which half of the time has nothing to do with the reply."""
        rng, own = self.rng, PACKS[self.lang]
        tone, style = None, "plain"
        if aspect == "address":
            ask, reply = self._address(want)
        else:
            ask, reply, tone, style = self._exchange(aspect, want)
        roll = rng.random()
        said = tone if roll < 0.2 else rng.choice(list(own.TONE_SYSTEM)) if roll < 0.4 else None
        turns = [("system", rng.choice(own.TONE_SYSTEM[said]))] if said else []
        return [*turns, ("user", ask), ("assistant", reply)], reply, tone, style

    def item(self, aspect: str, want: bool) -> Item:
        """One question about one reply, for training and for the AUROC."""
        rng = self.rng
        turns, reply, _, _ = self.make(aspect, want)
        code = self.lang if rng.random() < 0.75 else "en"
        table = DATA[code]["judge"]
        question = rng.choice(self._part(table[aspect]))
        if rng.random() < 0.2:
            turns = [("user", rng.choice(table["quoted"]).format(r=reply, q=question))]
        else:
            turns.append(("user", rng.choice(table["about"]).format(q=question)))
        return Item(turns, aspect, want, table["yes" if want else "no"], table["yes"], table["no"])

    def document(self) -> list[Turn]:
        """One reply and one to three questions about it."""
        rng = self.rng
        aspect, want = rng.choice(ASPECTS), rng.random() < 0.5
        if rng.random() < 0.3:
            item = self.item(aspect, want)
            return [*item.turns, ("assistant", item.answer)]
        turns, reply, tone, style = self.make(aspect, want)
        asked: list[tuple[str, bool]] = [(aspect, want)]
        known = {a: label(a, reply, tone, style, False) for a in ASPECTS[:4]} if aspect != "address" else {}
        for _ in range(rng.randint(0, 2)):
            wish = rng.random() < 0.5
            more = [a for a, v in known.items() if v is wish and a not in dict(asked)]
            if more:
                asked.append((rng.choice(more), wish))
        code = self.lang if rng.random() < 0.75 else "en"
        table = DATA[code]["judge"]
        for a, v in asked:
            question = rng.choice(self._part(table[a]))
            turns += [("user", rng.choice(table["about"]).format(q=question)), ("assistant", table["yes" if v else "no"])]
        return turns
