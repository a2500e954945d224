"""Self-assessment of replies that the model sampled itself, where rules, not the way a reply was made, give the labels.

A reply is drawn out with an instruction; the question about it is asked without that, so that only the reply can answer it.
The rules: words for brief (as in training), a house number for address, and for the others the phrases and the classifier
of emotion.py, which know the kinds of training and err. Replies that a rule cannot place are left out.
"""
from __future__ import annotations

import re
from pathlib import Path

from tiller_train.behaviours.compact import Compact
from tiller_train.behaviours.conversation import Conversation
from tiller_train.behaviours.facts import HELD_NAMES, NAMES, elide
from tiller_train.behaviours.judge import ASPECTS, HELD, LONG, SHORT
from tiller_train.behaviours.packs import DATA, PACKS, Pools
from tiller_train.common import Turn, render, seeded
from tiller_train.tokenizer import Tokenizer

from .emotion import Emotion, phrases, said
from .instructions import MOST, subject
from .likelihood import auroc
from .llama import Llama
from .sampling import chat, sample

DRAWN = {  # aspect -> (instruction, feeling) that draw out a Yes, and a No
    "joyful": ([("tone", "joy")], [("tone", "sad"), ("tone", "anger"), ("tone", "neutral"), ("tone", "disgust")]),
    "calm": ([("tone", "neutral")], [("tone", "anger"), ("tone", "fear"), ("tone", "surprise")]),
    "polite": ([("polite", None)], [("rude", None)]),
    "brief": ([("brief", None)], [("long", None)]),
}
FEWEST = 8  # of each label, for an AUROC


def label(aspect: str, reply: str, lang: str, emotion: Emotion) -> bool | None:
    """None where the rule does not say."""
    if aspect == "brief":
        words = len(reply.split())
        return True if words <= SHORT else False if words >= LONG else None
    if aspect == "address":
        years = DATA[lang]["address"]["keep"][-1].split("{n}")[1].split()[0]
        return bool(re.search(rf"\d+(?!\d|\s*{years})", reply))
    feeling, rude = emotion.classify(reply), said(reply, phrases(lang, "rude"))
    if aspect == "joyful":
        return True if feeling == "joy" and not rude else None if feeling == "surprise" else False
    if aspect == "calm":
        return False if feeling in ("anger", "fear", "surprise") else True if feeling == "neutral" and not rude else None
    return False if rude else True if said(reply, phrases(lang, "polite")) else False if feeling == "anger" else None


def own_replies(path: Path, model: Llama, tokenizer: Tokenizer, countries: list[dict], per_cell: int, languages: list[str]) -> dict:
    """{aspect: {"auroc" (None with too few of a label), "accuracy", "n", "yes": labels, "left_out"}}; score: log P(Yes) - log P(No)."""
    drawn: list[tuple[str, str, list[Turn]]] = []
    pools: dict[str, Compact] = {}
    for lang in [x for x in languages if x in PACKS]:
        rng = seeded("own replies", lang)
        pools[lang] = compact = Compact(rng, lang, languages, held=True)
        talk = Conversation(rng, Pools("held", countries), lang)
        for aspect in ASPECTS:
            for i in range(per_cell):
                if aspect == "address":
                    turns = [("user", elide(lang, rng.choice(DATA[lang]["address"]["ask"]).format(p=rng.choice(NAMES[-HELD_NAMES:]))))]
                else:
                    key, feeling = rng.choice(DRAWN[aspect][i % 2])
                    turns = [("system", compact.instruction(key, feeling, lang)), ("user", subject(talk, compact, lang))]
                drawn.append((aspect, lang, turns))
    made = sample(path, [chat(turns, seed=i + 1, max=MOST) for i, (_, _, turns) in enumerate(drawn)])
    readers = {lang: Emotion(lang) for lang in pools}
    found: dict[str, list[tuple[float, bool]]] = {aspect: [] for aspect in ASPECTS}
    for (aspect, lang, turns), reply in zip(drawn, made):
        is_so = label(aspect, reply, lang, readers[lang]) if reply else None
        if is_so is None:
            continue
        table, rng = DATA[lang]["judge"], pools[lang].rng
        question = rng.choice(table["about"]).format(q=rng.choice(table[aspect][-HELD:]))
        ids = [1, *tokenizer.encode(render([turns[-1], ("assistant", reply), ("user", question)])), tokenizer.special["<|assistant|>"]]
        last = model.logprobs(ids)[-1]
        found[aspect].append((float(last[tokenizer.encode(table["yes"])[0]] - last[tokenizer.encode(table["no"])[0]]), is_so))
    out = {}
    for aspect, rows in found.items():
        scores, labels = [s for s, _ in rows], [y for _, y in rows]
        enough = min(sum(labels), len(labels) - sum(labels)) >= FEWEST
        out[aspect] = {"auroc": round(auroc(scores, labels), 3) if enough else None, "n": len(rows), "yes": sum(labels),
                       "accuracy": round(sum((s > 0) == y for s, y in rows) / max(1, len(rows)), 3),
                       "left_out": sum(a == aspect for a, _, _ in drawn) - len(rows)}
    return out
