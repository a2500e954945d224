"""Whole conversations: a setting (system turn or instruction) and one to four exchanges under it."""
from __future__ import annotations

import random
from dataclasses import dataclass

from ..common import Turn
from .packs import FEELINGS, LANGS, PACKS, Pools
from .replies import Replies

SETTINGS = {"plain": 22, "tone": 34, "language": 18, "politeness": 12, "length": 10, "tone+language": 4}


@dataclass
class Setting:
    reply: str  # language of the replies
    tone: str | None = None
    style: str = "plain"
    instruction: str = ""


class Conversation:
    def __init__(self, rng: random.Random, pools: Pools, lang: str) -> None:
        self.rng, self.pools, self.lang = rng, pools, lang
        self.replies = Replies(rng, pools)

    def setting(self) -> Setting:
        rng, lang = self.rng, self.lang
        kind = rng.choices(list(SETTINGS), list(SETTINGS.values()))[0]
        pack = PACKS[lang if rng.random() < 0.75 else "en"]  # the language of the instruction
        s = Setting(reply=lang)
        if "tone" in kind:
            s.tone = rng.choice(FEELINGS)
            s.instruction = rng.choice(pack.TONE_SYSTEM[s.tone])
        if "language" in kind:
            s.reply = rng.choice(LANGS)
            s.instruction = f"{rng.choice(pack.LANGUAGE[s.reply])} {s.instruction}".strip()
        if kind == "politeness":
            s.style = rng.choice(("polite", "rude"))
            s.instruction = rng.choice(pack.POLITE_SYSTEM if s.style == "polite" else pack.RUDE_SYSTEM)
        if kind == "length":
            s.style = rng.choice(("brief", "long"))
            s.instruction = rng.choice(pack.BRIEF_SYSTEM if s.style == "brief" else pack.LONG_SYSTEM)
        return s

    def make(self) -> list[Turn]:
        rng = self.rng
        s = self.setting()
        in_user_turn = bool(s.instruction) and rng.random() < 0.25
        turns: list[Turn] = []
        if s.instruction and not in_user_turn:
            turns.append(("system", s.instruction))
        count = 1 if in_user_turn else rng.choices((1, 2, 3, 4), (40, 30, 20, 10))[0]
        for i in range(count):
            ask, answer = self.exchange(s, first=i == 0, last=i == count - 1)
            ask = self.casual(ask)
            if in_user_turn:
                ask = f"{ask} {s.instruction}" if rng.random() < 0.6 else f"{s.instruction} {ask}"
            turns += [("user", ask), ("assistant", answer)]
        return turns

    def exchange(self, s: Setting, first: bool, last: bool) -> tuple[str, str]:
        rng, own = self.rng, PACKS[self.lang]
        roll = rng.random()
        if self.pools.split == "train" and s.style in ("plain", "polite") and not s.tone:
            if first and roll < 0.12:
                return rng.choice(own.HELLO[0]), rng.choice(PACKS[s.reply].HELLO[1])
            if last and not first and roll < 0.25:
                return rng.choice(own.BYE[0]), rng.choice(PACKS[s.reply].BYE[1])
        kinds = {"topic": 50, "scenario": 22, "talk": 16, "question": 12, "story": 8}
        if s.style == "long":
            kinds = {"topic": 60, "scenario": 15, "talk": 5, "story": 20}
        if self.pools.split == "held":
            kinds.pop("talk", None)
        kind = rng.choices(list(kinds), list(kinds.values()))[0]
        if kind == "topic":
            subject = rng.choice(self.pools.topics) if rng.random() < 0.55 else self.pools.noun(rng)
            ask = rng.choice(own.ASK).format(**self.pools.slots(self.lang, subject))
            return ask, self.replies.topic(s.reply, subject, s.tone, s.style)
        if kind == "scenario":
            feeling = rng.choice(FEELINGS)
            ask = own.SCENARIOS[feeling][rng.choice(self.pools.scenarios)]
            return ask, self.replies.scenario(s.reply, feeling, s.tone, s.style)
        if kind == "talk":
            index = rng.randrange(len(own.TALK))
            return rng.choice(own.TALK[index][0]), self.replies.talk(s.reply, index, s.tone, s.style)
        if kind == "story":
            hero = rng.choice(self.pools.heroes)
            return rng.choice(own.STORY_ASK).format(h=own.HEROES[hero][0]), self.replies.story(s.reply, hero, s.tone, s.style)
        return self.replies.question(self.lang, s.reply, s.style, s.tone)

    def casual(self, text: str) -> str:
        """Some users type in lower case or without the final mark."""
        roll = self.rng.random()
        if roll < 0.06:
            text = text.rstrip(".!? ")
        elif roll < 0.12:
            text = text[:1].lower() + text[1:].rstrip(".!? ")
        return text
