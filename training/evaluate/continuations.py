"""Free continuations of held-out text: do they stay in the language, and do they repeat themselves?

Language identifier: py3langid (Lui & Baldwin 2012's langid.py), which no other part of the project uses.
"""
from __future__ import annotations

from collections import Counter
from pathlib import Path

from py3langid.langid import LanguageIdentifier, MODEL_FILE

from tiller_train.common import LANGS, read_docs, seeded

from .sampling import Job, sample

SHORTEST = 15  # characters; shorter texts cannot be identified


def identifier(languages: tuple[str, ...] = LANGS) -> LanguageIdentifier:
    found = LanguageIdentifier.from_pickled_model(MODEL_FILE)
    found.set_languages(list(languages))
    return found


def distinct(texts: list[str], n: int) -> float:
    """Different word n-grams as a share of all."""
    grams = Counter(tuple(words[i : i + n]) for words in (t.lower().split() for t in texts) for i in range(len(words) - n + 1))
    return round(len(grams) / max(1, sum(grams.values())), 3)


def repeated(texts: list[str], n: int = 4) -> float:
    """Share of word n-grams that already occurred in the same text."""
    again = total = 0
    for words in (t.lower().split() for t in texts):
        grams = [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]
        again += len(grams) - len(set(grams))
        total += len(grams)
    return round(again / max(1, total), 3)


def continuations(model: Path, staged: Path, languages: list[str], per_lang: int) -> dict:
    """Per language: share that stays, distinct-1..3 and repeated 4-grams of model and human text of the same prompts."""
    prompts: list[tuple[str, str, str]] = []
    for lang in languages:
        docs = list(read_docs(staged / f"sentences.{lang}.held.jsonl"))
        seeded("continuations", lang).shuffle(docs)
        for doc in docs[:per_lang]:
            cut = doc.find(" ", 80)
            prompts.append((lang, doc[:cut], doc[cut : cut + 200]))
    made = sample(model, [Job(p, seed=i + 1, max=40) for i, (_, p, _) in enumerate(prompts)])
    who, out = identifier(), {}
    for lang in languages:
        ours = [t for t, (x, _, _) in zip(made, prompts) if x == lang]
        human = [h[: max(1, len(t))] for t, (x, _, h) in zip(made, prompts) if x == lang]
        seen = [who.classify(t)[0] == lang for t in ours if len(t) >= SHORTEST]
        check = [who.classify(t)[0] == lang for t in human if len(t) >= SHORTEST]
        out[lang] = {"stays": round(sum(seen) / max(1, len(seen)), 3), "n": len(seen), "human_identified": round(sum(check) / max(1, len(check)), 3),
                     **{f"distinct_{n}": distinct(ours, n) for n in (1, 2, 3)}, **{f"human_distinct_{n}": distinct(human, n) for n in (1, 2, 3)},
                     "repeated_4": repeated(ours), "human_repeated_4": repeated(human)}
    return out
