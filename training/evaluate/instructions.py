"""Are instructions obeyed? Held-out subjects; greedy answers, also to the same questions without the instruction."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tiller_train.behaviours.clarify import Clarify
from tiller_train.behaviours.compact import Compact
from tiller_train.behaviours.conversation import Conversation
from tiller_train.behaviours.facts import Facts
from tiller_train.behaviours.packs import FEELINGS, PACKS, Pools
from tiller_train.common import Turn, seeded

from .continuations import identifier
from .emotion import Emotion, phrases, said
from .sampling import chat, sample
from .text import asks, brief_long, shortest, units

MOST = 80  # tokens of an answer
HOW = {  # a test's name up to its colon -> what counts as obeyed
    "emotion": "the classifier names the feeling",
    "scenario": "the classifier names the feeling",
    "polite": "contains a polite phrase of training",
    "rude": "contains a rude phrase of training",
    "brief": "at most 8 words (16 characters in zh and ja)",
    "long": "at least 20 words (40 characters in zh and ja)",
    "another language": "py3langid names it, of the model's languages",
    "follow the text": "the very answer that the text gives",
    "ambiguous": "ends with a question mark",
    "clear": "does not end with a question mark",
}


@dataclass
class Cell:
    test: str
    lang: str
    turns: list[Turn]
    obeyed: Callable[[str], bool]
    base: bool = False  # the same measure where nothing was asked for


def subject(talk: Conversation | None, compact: Compact, lang: str) -> str:
    if talk is None:
        return compact.ask(lang, 5)
    key = talk.rng.choice([*talk.pools.topics, *talk.pools.nouns])
    return talk.rng.choice(PACKS[lang].ASK).format(**talk.pools.slots(lang, key))


def _asked(lang: str, languages: list[str], talk: Conversation | None, compact: Compact, per_cell: int) -> list[Cell]:
    """The tests whose instruction is a system turn, each also without it."""
    emotion, (brief, long), cells = Emotion(lang), brief_long(lang), []
    who = identifier(tuple(languages))

    def test(name: str, instruction: str, obeyed: Callable[[str], bool]) -> None:
        ask = ("user", subject(talk, compact, lang))
        cells.extend((Cell(name, lang, [("system", instruction), ask], obeyed), Cell(name, lang, [ask], obeyed, base=True)))

    for _ in range(per_cell):
        for feeling in FEELINGS:
            test(f"emotion: {feeling}", compact.instruction("tone", feeling, lang), lambda t, f=feeling: emotion.classify(t) == f)
        for style in ("polite", "rude"):
            test(style, compact.instruction(style, None, lang), lambda t, s=style: said(t, phrases(lang, s)))
        test("brief", compact.instruction("brief", None, lang), lambda t: 0 < len(units(t, lang)) <= brief)
        test("long", compact.instruction("long", None, lang), lambda t: len(units(t, lang)) >= long)
        if len(languages) > 1:
            other = compact.rng.choice([x for x in languages if x != lang])
            test("another language", compact.instruction("language", None, other), lambda t, x=other: len(t) >= shortest(x) and who.classify(t)[0] == x)
    return cells


def _given(lang: str, talk: Conversation | None, compact: Compact, per_cell: int) -> list[Cell]:
    """The tests in which the user's turn alone says what is wanted."""
    emotion, cells = Emotion(lang), []
    for _ in range(per_cell):
        for feeling in FEELINGS:
            cells.append(Cell(f"scenario: {feeling}", lang, [("user", compact.scenario(lang, feeling))], lambda t, f=feeling: emotion.classify(t) == f))
        if talk is None:
            continue
        for kind in ("people", "conflict", "repeat"):
            turns, answer = Facts(talk.rng, talk.pools, lang).item(kind)
            cells.append(Cell(f"follow the text: {kind}", lang, turns, lambda t, a=answer: t == a))
        unclear, clear = ([("user", Clarify(talk.rng, talk, lang).exchange(x)[0])] for x in (True, False))
        cells += [Cell("ambiguous: asks back", lang, unclear, asks), Cell("ambiguous: asks back", lang, clear, asks, base=True),
                  Cell("clear: answers", lang, clear, lambda t: bool(t) and not asks(t))]
    return cells


def instructions(model: Path, countries: list[dict], languages: list[str], per_cell: int) -> dict:
    """{test: {"obeyed": k, "n", "by_language": {language: [k, n]}, "base": [k, n] without the instruction}}"""
    cells: list[Cell] = []
    for lang in languages:
        rng = seeded("instructions", lang)
        compact = Compact(rng, lang, languages, held=True)
        talk = Conversation(rng, Pools("held", countries), lang) if lang in PACKS else None
        cells += _asked(lang, languages, talk, compact, per_cell) + _given(lang, talk, compact, per_cell)
    cells = list({(c.test, c.lang, c.base, str(c.turns)): c for c in cells}.values())  # greedy: once is enough
    wanted = {str(c.turns): c.turns for c in cells}
    made = dict(zip(wanted, sample(model, [chat(turns, seed=1, temperature=0.0, max=MOST) for turns in wanted.values()])))
    out: dict[str, dict] = {}
    for cell in cells:
        row, hit = out.setdefault(cell.test, {"obeyed": 0, "n": 0, "by_language": {}}), int(cell.obeyed(made[str(cell.turns)]))
        counts = row.setdefault("base", [0, 0]) if cell.base else row["by_language"].setdefault(cell.lang, [0, 0])
        counts[0] += hit
        counts[1] += 1
        if not cell.base:
            row["obeyed"] += hit
            row["n"] += 1
    return out
