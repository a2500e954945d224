"""The language packs and what each split may draw from."""
from __future__ import annotations

import json
import random
from pathlib import Path
from types import ModuleType

from . import de, en, es, fr
from .nouns import HELD, invented, nouns

PACKS: dict[str, ModuleType] = {"en": en, "de": de, "fr": fr, "es": es}
LANGS = tuple(PACKS)
SLOTS = {"en": ("n",), "de": ("n", "a", "d"), "fr": ("n", "d", "a"), "es": ("n", "d", "a")}
HELD_TOPICS = ("river", "bicycle", "soup")
HELD_SCENARIOS = 2  # the last of each feeling
HELD_HEROES = 1
# Names that need an article in some of the four languages are left out of the fact questions.
ARTICLE_COUNTRIES = set("YE JO US GB NL CH TR UA MN SK PH AE IR IQ LB SD SS DO CF CD CG VA CZ CI BS MV".split())
FEELINGS = ("joy", "sad", "anger", "fear", "surprise", "disgust", "neutral")
DATA = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted((Path(__file__).parent / "data").glob("*.json"))}

for _lang, _pack in PACKS.items():  # two of Ekman's six emotions live in the JSON tables
    for _feeling, _rows in DATA[_lang]["tones"].items():
        _pack.TONE_SYSTEM[_feeling] = _rows["system"]
        _pack.TONE[_feeling] = {part: _rows[part] for part in ("open", "about", "close")}
        _pack.SCENARIOS[_feeling], _pack.REPLY[_feeling], _pack.STORY_TONE[_feeling] = _rows["scenarios"], _rows["reply"], _rows["story"]


def upper(text: str) -> str:
    return text[:1].upper() + text[1:]


ONSETS = "b d f g k l m n p r s t v z br dr fl gr kr pl st tr".split()
NUCLEI = "a e i o u a e i o ai au".split()
CODAS = ["", "", "", "", "l", "n", "r", "s", "m", "t"]
INVENTED = 0.5  # of the nouns that are no topics


def invent(seed: int) -> str:
    """A word without a meaning, two or three syllables long, the same for the same seed."""
    rng = random.Random(seed)
    return "".join(rng.choice(ONSETS) + rng.choice(NUCLEI) + rng.choice(CODAS) for _ in range(rng.randint(2, 3)))


class Pools:
    """Indices and keys valid in every language, so that a reply can be in another one."""

    def __init__(self, split: str, countries: list[dict]) -> None:
        held = split == "held"
        self.split = split
        self.topics = [t for t in en.TOPICS if (t in HELD_TOPICS) == held]
        total = len(nouns("en"))
        self.nouns = list(range(total - HELD, total) if held else range(total - HELD))
        self.total = total
        count = len(en.SCENARIOS["joy"])
        self.scenarios = list(range(count - HELD_SCENARIOS, count) if held else range(count - HELD_SCENARIOS))
        heroes = len(en.HEROES)
        self.heroes = list(range(heroes - HELD_HEROES, heroes) if held else range(heroes - HELD_HEROES))
        usable = [c for c in countries if c["iso"] not in ARTICLE_COUNTRIES]
        self.countries = [c for i, c in enumerate(usable) if (i % 10 == 0) == held]
        self.forms = {lang: nouns(lang) for lang in PACKS}

    def noun(self, rng: random.Random) -> int:
        """A noun's index; in training half of them are invented, so that a reply has to look back at its question."""
        if self.split == "train" and rng.random() < INVENTED:
            return self.total + rng.randrange(10**6)
        return rng.choice(self.nouns)

    def slots(self, lang: str, subject: str | int) -> dict[str, str]:
        """{n} {a} {d} and capitalised {N} for a topic key or a noun index; indices past the last noun are invented ones."""
        if isinstance(subject, str):
            forms = PACKS[lang].TOPICS[subject][0]
        else:
            forms = self.forms[lang][subject] if subject < self.total else invented(lang, invent(subject))
        slots = dict(zip(SLOTS[lang], forms))
        return slots | {"N": upper(slots["n"])}
