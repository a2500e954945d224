"""Requests whose answers are natural text: a sentence with a word, some sentences, a story.

Answers are training lines of Tatoeba (CC BY 2.0 FR), of the TinyStories sample and of the
storybooks, so that assistant turns are not made of templates alone.
"""
from __future__ import annotations

import random
import re
from pathlib import Path

from ..common import HELD_LINES, hold, render, xz_lines
from ..text_sources import story_books, tiny_stories
from .packs import LANGS, PACKS

WORD = {
    "en": ['Write a sentence with the word "{w}".', 'Use the word "{w}" in a sentence.', 'Say something with "{w}".'],
    "de": ["Schreib einen Satz mit dem Wort „{w}“.", "Benutze das Wort „{w}“ in einem Satz.", "Sag etwas mit „{w}“."],
    "fr": ["Écris une phrase avec le mot « {w} ».", "Utilise le mot « {w} » dans une phrase.", "Dis quelque chose avec « {w} »."],
    "es": ["Escribe una frase con la palabra «{w}».", "Usa la palabra «{w}» en una frase.", "Di algo con «{w}»."],
}
ANY = {
    "en": ["Say something.", "Write a sentence.", "Talk to me.", "Write some sentences.", "Tell me something."],
    "de": ["Sag etwas.", "Schreib einen Satz.", "Sprich mit mir.", "Schreib ein paar Sätze.", "Erzähl mir etwas."],
    "fr": ["Dis quelque chose.", "Écris une phrase.", "Parle avec moi.", "Écris quelques phrases.", "Raconte-moi quelque chose."],
    "es": ["Di algo.", "Escribe una frase.", "Habla conmigo.", "Escribe unas frases.", "Cuéntame algo."],
}
STORY = {
    "en": ["Tell me a story.", "Tell me a short story.", "I want to hear a story.", "Write a story."],
    "de": ["Erzähl mir eine Geschichte.", "Erzähl mir eine kurze Geschichte.", "Ich will eine Geschichte hören.", "Schreib eine Geschichte."],
    "fr": ["Raconte-moi une histoire.", "Raconte-moi une petite histoire.", "Je veux entendre une histoire.", "Écris une histoire."],
    "es": ["Cuéntame una historia.", "Cuéntame una historia corta.", "Quiero oír una historia.", "Escribe una historia."],
}
LONGEST = 1000


def texts(data: Path, lang: str, split: str) -> tuple[list[str], list[str]]:
    """(short sentences, stories) of one split."""
    at = ("train", "held").index(split)
    lines = [x for x in hold(xz_lines(data / "tatoeba" / f"{lang}.txt.xz"), HELD_LINES)[at] if 15 < len(x) < 90]
    stories = hold(story_books(data, lang))[at] + (hold(tiny_stories(data))[at] if lang == "en" else [])
    return lines, [s.strip().replace("\n", " ") for s in stories if 60 < len(s) < LONGEST]


def free(rng: random.Random, lang: str, sources: dict[str, tuple[list[str], list[str]]], count: int) -> list[str]:
    """Conversations asked in `lang`; a third are answered in another language on request."""
    docs = []
    while len(docs) < count:
        reply = rng.choice(LANGS) if rng.random() < 0.33 else lang
        lines, stories = sources[reply]
        roll = rng.random()
        if roll < 0.45:
            answer = rng.choice(lines)
            words = [w for w in re.findall(r"[^\W\d_]{4,}", answer)]
            if not words:
                continue
            ask = rng.choice(WORD[lang]).format(w=rng.choice(words))
        elif roll < 0.85 or not stories:
            answer = " ".join(rng.sample(lines, rng.randint(1, 3)))
            ask = rng.choice(ANY[lang])
        else:
            answer, ask = rng.choice(stories), rng.choice(STORY[lang])
        instruction = rng.choice(PACKS[lang].LANGUAGE[reply]) if reply != lang or rng.random() < 0.1 else ""
        turns = [("user", ask), ("assistant", answer)]
        if instruction and rng.random() < 0.75:
            turns.insert(0, ("system", instruction))
        elif instruction:
            turns[0] = ("user", f"{ask} {instruction}")
        docs.append(render(turns))
    return docs
