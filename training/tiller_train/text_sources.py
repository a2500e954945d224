"""Plain-text streams: short sentences, novels, stories, expository prose.

Sets and licences: see ../README.md. Each function returns {split: [document, ...]}.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from .common import HELD_LINES, hold, seeded, xz_json, xz_lines

DOC_CHARS = 1400


def sentences(data: Path, lang: str) -> dict[str, list[str]]:
    """Tatoeba and Common Voice lines, 5 to 15 per document."""
    out: dict[str, list[str]] = {"train": [], "held": []}
    for name in ("tatoeba", "commonvoice"):
        lines = [x.strip() for x in xz_lines(data / name / f"{lang}.txt.xz") if x.strip()]
        train, held = hold(lines, HELD_LINES)
        for split, part in (("train", train), ("held", held)):
            out[split] += list(_bundle(part, seeded("sentences", name, lang, split)))
    return out


def _bundle(lines: list[str], rng) -> Iterator[str]:
    rng.shuffle(lines)
    at = 0
    while at < len(lines):
        size = rng.randint(5, 15)
        yield (" " if rng.random() < 0.5 else "\n").join(lines[at : at + size])
        at += size


def novels(data: Path, lang: str) -> dict[str, list[str]]:
    """ELTeC paragraphs joined up to about DOC_CHARS."""
    path = data / "eltec" / f"{lang}.txt.xz"
    if not path.exists():  # ELTeC has en, de, fr, es, it and pt
        return {"train": [], "held": []}
    train, held = hold(xz_lines(path))
    return {"train": list(_chunks(train)), "held": list(_chunks(held))}


def stories(data: Path, lang: str) -> dict[str, list[str]]:
    """Storybooks; for English also FairytaleQA stories and the TinyStories sample."""
    groups = [story_books(data, lang)]
    if lang == "en":
        tales = xz_json(data / "fairytaleqa" / "stories.jsonl.xz")
        groups += [["\n".join(t["sections"]) for t in tales], tiny_stories(data)]
    return _grouped(groups)


def story_books(data: Path, lang: str) -> list[str]:
    books = [b for b in xz_json(data / "storybooks" / "stories.jsonl.xz") if b["lang"] == lang]
    return ["\n".join(b["pages"]) for b in books]


def tiny_stories(data: Path) -> list[str]:
    return re.split(r"\n\s*\n", "\n".join(xz_lines(data / "tinystories_sample" / "stories.txt.xz")))


def guide(data: Path, lang: str) -> dict[str, list[str]]:
    """opensource.guide articles."""
    rows = xz_json(data / "opensource_guide" / "articles.jsonl.xz")
    return _grouped([["\n".join(r["paragraphs"]) for r in rows if r["lang"] == lang]])


def _grouped(groups: list[list[str]]) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {"train": [], "held": []}
    for texts in groups:
        if not texts:
            continue
        train, held = hold([t.strip() for t in texts])
        out["train"] += [c for t in train for c in _chunks(t.split("\n"))]
        out["held"] += [c for t in held for c in _chunks(t.split("\n"))]
    return out


def _chunks(lines: Iterable[str]) -> Iterator[str]:
    """Consecutive lines up to DOC_CHARS; a blank line (a new novel) also ends a chunk."""
    part: list[str] = []
    size = 0
    for line in lines:
        line = line.strip()
        if part and (not line or size + len(line) > DOC_CHARS):
            yield "\n".join(part)
            part, size = [], 0
        if line:
            part.append(line)
            size += len(line)
    if part:
        yield "\n".join(part)
