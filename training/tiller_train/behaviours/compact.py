"""Conversations in every language from small tables: emotion, manners, length, reply language, small talk.

Tables: data/<lang>.json. The topics and their order are the same in all of them, so that a
question in one language can be answered in another one.
"""
from __future__ import annotations

import random

from ..chat_sources import NAMES
from ..common import Turn
from .packs import DATA, FEELINGS, HELD_SCENARIOS, PACKS

TOPICS = ("dog", "sea", "winter", "bread", "school", "moon")
# Replies that also fit a topic, by feeling.
COLOUR = {"joy": (1,), "sad": (1, 3), "anger": (1, 3), "fear": (2,), "surprise": (1, 2), "disgust": (0, 1), "neutral": ()}
LANGUAGE = {  # for the languages whose packs know fewer reply languages
    "en": ["Answer in {x}.", "Speak {x}.", "Please answer in {x}."],
    "de": ["Antworte auf {x}.", "Sprich {x}.", "Bitte auf {x} antworten."],
    "fr": ["Réponds en {x}.", "Parle {x}.", "En {x}, s'il te plaît."],
    "es": ["Responde en {x}.", "Habla en {x}.", "En {x}, por favor."],
}


class Compact:
    def __init__(self, rng: random.Random, lang: str, languages: list[str], held: bool) -> None:
        self.rng, self.lang, self.held = rng, lang, held
        self.others = [x for x in languages if x not in PACKS or lang not in PACKS]

    def _split(self, items: list) -> list:
        """All but the last, or the last alone when held out."""
        return items[-1:] if self.held else items[:-1]

    def scenario(self, lang: str, feeling: str) -> str:
        if lang not in PACKS:
            return self.rng.choice(self._split(DATA[lang]["tones"][feeling]["scenarios"]))
        rows = PACKS[lang].SCENARIOS[feeling]
        return self.rng.choice(rows[-HELD_SCENARIOS:] if self.held else rows[:-HELD_SCENARIOS])

    def reply(self, lang: str, feeling: str) -> str:
        return self.rng.choice(PACKS[lang].REPLY[feeling] if lang in PACKS else DATA[lang]["tones"][feeling]["reply"])

    def colour(self, lang: str, feeling: str) -> str:
        if not COLOUR[feeling]:
            return ""
        if lang in PACKS:
            return self.rng.choice(PACKS[lang].TONE[feeling]["open"])
        return DATA[lang]["tones"][feeling]["reply"][self.rng.choice(COLOUR[feeling])]

    def ask(self, lang: str, topic: int) -> str:
        if lang in PACKS:
            forms = PACKS[lang].TOPICS[TOPICS[topic]][0]
            return PACKS[lang].ASK[0].format(n=forms[0], a=forms[1 if lang == "de" else -1], d=forms[2 if lang == "de" else 1] if len(forms) > 1 else "")
        return self.rng.choice(DATA[lang]["topics"][topic][0])

    def facts(self, lang: str, topic: int, count: int) -> str:
        rows = PACKS[lang].TOPICS[TOPICS[topic]][1] if lang in PACKS else DATA[lang]["topics"][topic][1]
        space = "" if lang in ("zh", "ja") else " "
        return space.join(self.rng.sample(rows, min(count, len(rows))))

    def instruction(self, key: str, feeling: str | None, reply: str) -> str:
        rng, lang = self.rng, self.lang
        if key == "language":
            return rng.choice(LANGUAGE[lang] if lang in PACKS else DATA[lang]["language"]).format(x=NAMES[lang][reply])
        if lang in PACKS:
            pack = PACKS[lang]
            return rng.choice(pack.TONE_SYSTEM[feeling] if key == "tone" else {"polite": pack.POLITE_SYSTEM, "rude": pack.RUDE_SYSTEM,
                                                                             "brief": pack.BRIEF_SYSTEM, "long": pack.LONG_SYSTEM}[key])
        table = DATA[lang]
        rows = table["tones"][feeling]["system"] if key == "tone" else table[key]
        return rng.choice(rows["system"] if isinstance(rows, dict) else rows)

    def manners(self, lang: str, style: str, core: str) -> str:
        if lang in PACKS:
            pack = PACKS[lang]
            opens, closes = (pack.POLITE_OPEN, pack.POLITE_CLOSE) if style == "polite" else (pack.RUDE_OPEN, pack.RUDE_CLOSE)
        else:
            opens, closes = DATA[lang][style]["open"], DATA[lang][style]["close"]
        space = "" if lang in ("zh", "ja") else " "
        return space.join([self.rng.choice(opens), core, self.rng.choice(closes)])

    def exchange(self, reply: str, feeling: str | None, style: str) -> tuple[str, str]:
        rng, lang = self.rng, self.lang
        roll = rng.random()
        if roll < 0.25 and lang not in PACKS and reply == lang and style == "plain" and feeling is None:
            asks, answers = rng.choice(self._split(DATA[lang]["talk"]))
            return rng.choice(asks), rng.choice(answers)
        if roll < 0.6 and style in ("plain", "brief"):
            called = rng.choice(FEELINGS)
            return self.scenario(lang, called), self.reply(reply, feeling or called)
        topic = rng.choice(self._split(list(range(len(TOPICS)))))
        answer = self.facts(reply, topic, {"brief": 1, "long": 3}.get(style, rng.randint(1, 2)))
        if style in ("polite", "rude"):
            answer = self.manners(reply, style, answer)
        elif feeling and self.colour(reply, feeling):
            answer = self.colour(reply, feeling) + ("" if reply in ("zh", "ja") else " ") + answer
        return self.ask(lang, topic), answer

    def document(self) -> list[Turn]:
        rng, lang = self.rng, self.lang
        reply, feeling, style, said = lang, None, "plain", []
        kind = "language" if lang in PACKS else rng.choices(("plain", "tone", "manners", "length", "language"), (25, 30, 12, 10, 23))[0]
        if kind == "tone":
            feeling = rng.choice(FEELINGS)
            said.append(self.instruction("tone", feeling, lang))
        elif kind in ("manners", "length"):
            style = rng.choice(("polite", "rude") if kind == "manners" else ("brief", "long"))
            said.append(self.instruction(style, None, lang))
        elif kind == "language":
            reply = rng.choice(self.others)
            said.append(self.instruction("language", None, reply))
            if rng.random() < 0.2:
                feeling = rng.choice(FEELINGS)
                said.append(self.instruction("tone", feeling, reply))
        in_user_turn = bool(said) and rng.random() < 0.25
        turns = [("system", " ".join(said))] if said and not in_user_turn else []
        for _ in range(1 if in_user_turn else rng.randint(1, 3)):
            ask, answer = self.exchange(reply, feeling, style)
            turns += [("user", " ".join([ask, *said]) if in_user_turn else ask), ("assistant", answer)]
        return turns
