"""Seeded conversations in the chat template that show one behaviour each, written for this project.

Tone (joy, sad, anger, fear, neutral), politeness, length, reply language, small talk, simple
questions and stories, in en/de/fr/es. The held-out split uses topics, scenarios, heroes and
countries that training never sees.
"""
from __future__ import annotations

import json
from pathlib import Path

from ..common import LANGS, render, seeded
from .conversation import Conversation
from .free import free, texts
from .packs import Pools

TRAIN_DOCS, HELD_DOCS = 45_000, 400
FREE = 0.2  # conversations with natural answers, as a share of the others


def build(lang: str, data: Path, seed: int) -> dict[str, list[str]]:
    """{split: documents} whose user turns are in `lang`."""
    lines = (data / "facts_cldr" / "countries.jsonl").read_text(encoding="utf-8").splitlines()
    countries = [json.loads(line) for line in lines if line]
    out = {}
    for split, count in (("train", TRAIN_DOCS), ("held", HELD_DOCS)):
        rng = seeded("behaviours", lang, split, seed)
        talk = Conversation(rng, Pools(split, countries), lang)
        docs: dict[str, None] = {}
        while len(docs) < count:
            docs[render(talk.make())] = None
        sources = {code: texts(data, code, split) for code in LANGS}
        out[split] = list(docs) + free(rng, lang, sources, int(count * FREE))
    return out


__all__ = ["LANGS", "build"]
