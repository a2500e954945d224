"""Free continuations of held-out text: do they stay in the language, and do they repeat themselves?

Language identifier: py3langid (Lui & Baldwin 2012's langid.py), which no other part of the project uses.
"""
from __future__ import annotations

from collections import Counter
from pathlib import Path

from py3langid.langid import LanguageIdentifier, MODEL_FILE

from tiller_train.common import LANGS, read_docs, seeded

from .sampling import Job, sample
from .text import cut, shortest, units

MOST = 40  # tokens of a continuation


def identifier(languages: tuple[str, ...] = LANGS) -> LanguageIdentifier:
    found = LanguageIdentifier.from_pickled_model(MODEL_FILE)
    found.set_languages(list(languages))
    return found


def distinct(texts: list[list[str]], n: int) -> float:
    """Different n-grams of units as a share of all."""
    grams = Counter(tuple(words[i : i + n]) for words in texts for i in range(len(words) - n + 1))
    return round(len(grams) / max(1, sum(grams.values())), 3)


def repeated(texts: list[list[str]], n: int = 4) -> float:
    """Share of n-grams of units that already occurred in the same text."""
    again = total = 0
    for words in texts:
        grams = [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]
        again += len(grams) - len(set(grams))
        total += len(grams)
    return round(again / max(1, total), 3)


def prompts(docs: list[str], lang: str, count: int) -> list[tuple[str, str]]:
    """(beginning, what a human wrote next) of documents in a seeded order; those too short for both are left out."""
    docs = list(docs)
    seeded("continuations", lang).shuffle(docs)
    return [(doc[:at], doc[at : at + 200]) for doc in docs if (at := cut(doc, lang)) > 0][:count]


def continuations(model: Path, staged: Path, languages: list[str], per_lang: int) -> dict:
    """Per language: share that stays, distinct-1..3 and repeated 4-grams of model and human text of the same prompts."""
    asked = {lang: prompts(list(read_docs(staged / f"sentences.{lang}.held.jsonl")), lang, per_lang) for lang in languages}
    made = iter(sample(model, [Job(p, seed=i + 1, max=MOST) for i, p in enumerate(p for rows in asked.values() for p, _ in rows)]))
    who, out = identifier(), {}
    for lang, rows in asked.items():
        ours = [next(made) for _ in rows]
        human = [h[: max(1, len(t))] for t, (_, h) in zip(ours, rows)]
        stays, check = ([who.classify(t)[0] == lang for t in texts if len(t) >= shortest(lang)] for texts in (ours, human))
        cells = {"": [units(t, lang) for t in ours], "human_": [units(t, lang) for t in human]}
        out[lang] = {"stays": round(sum(stays) / max(1, len(stays)), 3), "n": len(stays), "human_identified": round(sum(check) / max(1, len(check)), 3),
                     **{f"{who_}distinct_{n}": distinct(texts, n) for who_, texts in cells.items() for n in (1, 2, 3)},
                     **{f"{who_}repeated_4": repeated(texts) for who_, texts in cells.items()}}
    return out
