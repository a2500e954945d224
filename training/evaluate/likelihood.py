"""Measures that need no sampling: bits per byte and the AUROC of the self-assessment."""
from __future__ import annotations

import math

import numpy as np

from tiller_train.behaviours.conversation import Conversation
from tiller_train.behaviours.judge import ASPECTS, Judge
from tiller_train.behaviours.packs import PACKS, Pools
from tiller_train.common import render, seeded
from tiller_train.tokenizer import Tokenizer

from .llama import Llama


def bits_per_byte(model: Llama, tokenizer: Tokenizer, docs: list[str], window: int = 512) -> dict:
    """Bits per UTF-8 byte of documents, each alone after <s> and cut at `window` tokens."""
    nats = size = tokens = 0.0
    for doc in docs:
        ids = [1, *tokenizer.encode(doc)][:window]
        seen = model.logprobs(ids[:-1])
        nats -= float(seen[np.arange(len(ids) - 1), ids[1:]].sum())
        size += len(tokenizer.sp.decode(ids[1:]).encode())
        tokens += len(ids) - 1
    return {"bits_per_byte": round(nats / math.log(2) / size, 3), "bytes_per_token": round(size / tokens, 2), "bytes": int(size), "n": len(docs)}


def auroc(scores: list[float], labels: list[bool]) -> float:
    """Probability that a positive scores above a negative; ties count half."""
    pairs = sorted(zip(scores, labels))
    rank, at = 0.0, 0
    while at < len(pairs):
        end = at
        while end < len(pairs) and pairs[end][0] == pairs[at][0]:
            end += 1
        rank += sum(label for _, label in pairs[at:end]) * (at + 1 + end) / 2
        at = end
    positive = sum(labels)
    return (rank - positive * (positive + 1) / 2) / (positive * (len(labels) - positive))


def self_assessment(model: Llama, tokenizer: Tokenizer, countries: list[dict], per_cell: int, languages: list[str]) -> dict:
    """{aspect: {"auroc", "accuracy", "n", "by_language"}} on held-out subjects and wordings; score: log P(Yes) - log P(No)."""
    out = {}
    for aspect in ASPECTS:
        scores, labels, langs = [], [], []
        for lang in [x for x in languages if x in PACKS]:
            rng = seeded("self-assessment", lang, aspect)
            judge = Judge(rng, Conversation(rng, Pools("held", countries), lang), lang, "held")
            for i in range(per_cell):
                item = judge.item(aspect, i % 2 == 0)
                ids = [1, *tokenizer.encode(render(item.turns)), tokenizer.special["<|assistant|>"]]
                last = model.logprobs(ids)[-1]
                scores.append(float(last[tokenizer.encode(item.yes)[0]] - last[tokenizer.encode(item.no)[0]]))
                labels.append(item.label)
                langs.append(lang)
        pick = lambda lang: ([s for s, x in zip(scores, langs) if x == lang], [y for y, x in zip(labels, langs) if x == lang])  # noqa: E731
        out[aspect] = {"auroc": round(auroc(scores, labels), 3), "n": len(labels),
                       "accuracy": round(sum((s > 0) == y for s, y in zip(scores, labels)) / len(labels), 3),
                       "by_language": {lang: round(auroc(*pick(lang)), 3) for lang in dict.fromkeys(langs)}}
    return out
