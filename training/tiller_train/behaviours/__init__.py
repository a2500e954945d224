"""Seeded conversations in the chat template that show one behaviour each, written for this project.

Kinds: behave (emotion, politeness, length, reply language, small talk, questions, stories), judge
(a reply and Yes/No questions about it), clarify (ask back or answer), facts (follow the given text), copying (lists, look-ups, repetition).
The held-out split uses topics, scenarios, wordings, names and countries that no training template is filled with; the words of copying
come from training sentences, where some of them occur too.
"""
from __future__ import annotations

import json
from pathlib import Path

from ..common import render, seeded
from .clarify import Clarify
from .compact import Compact
from .conversation import Conversation
from .copying import Copying
from .facts import Facts
from .free import free, texts
from .judge import Judge
from .packs import LANGS, PACKS, Pools

COUNTS = {"behave": 20_000, "judge": 12_000, "clarify": 4_000, "facts": 20_000, "copying": 20_000}  # documents for training
HELD_DOCS = 400
FREE = 0.2  # conversations with natural answers, as a share of the others
OTHER = 0.15  # conversations whose reply is in a language that has only a small table


def load_countries(data: Path) -> list[dict]:
    lines = (data / "facts_cldr" / "countries.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line]


def build(lang: str, data: Path, seed: int, languages: list[str]) -> dict[tuple[str, str], list[str]]:
    """{(kind, split): documents} whose user turns are in `lang`."""
    out: dict[tuple[str, str], list[str]] = {}
    countries = load_countries(data)
    for split in ("train", "held"):
        rng = seeded("behaviours", lang, split, seed)
        held = split == "held"
        count = HELD_DOCS if held else COUNTS["behave"]
        compact = Compact(rng, lang, languages, held)
        copying = Copying(seeded("copying", lang, split, seed), lang, texts(data, lang, split)[0])
        out["copying", split] = list(dict.fromkeys(copying.document() for _ in range(HELD_DOCS if held else COUNTS["copying"])))
        if lang not in PACKS:
            out["behave", split] = _distinct(compact.document, count)
            continue
        talk = Conversation(rng, Pools(split, countries), lang)
        sources = {code: texts(data, code, split) for code in LANGS}
        other = _distinct(compact.document, int(count * OTHER)) if compact.others else []
        out["behave", split] = _distinct(talk.make, count) + other + free(rng, lang, sources, int(count * FREE))
        for kind, writer in (("judge", Judge(rng, talk, lang, split)), ("clarify", Clarify(rng, talk, lang)),
                             ("facts", Facts(rng, talk.pools, lang))):
            out[kind, split] = _distinct(writer.document, HELD_DOCS if held else COUNTS[kind])
    return out


def _distinct(make, count: int) -> list[str]:
    """Up to `count` different conversations; small tables run out of new ones."""
    docs: dict[str, None] = {}
    for _ in range(count * 4):
        docs[render(make())] = None
        if len(docs) == count:
            break
    return list(docs)


__all__ = ["LANGS", "build", "load_countries"]
