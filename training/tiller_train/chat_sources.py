"""Existing dialogue sets in the chat template, and parallel sentences as "say it in X" turns."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .common import HELD_LINES, LANGS, hold, render, seeded, xz_json, xz_lines

CHATTERBOT_TOPICS = {"greetings", "conversations", "food", "emotion", "emociones", "humor", "health",
                     "psychology", "psicologia", "trivia", "history", "science", "movies", "perfilbot"}
MAX_TURNS, MAX_CHARS = 8, 1100

SAY = {  # asking language -> ways to ask; {x} is the target language's name
    "en": ["Translate into {x}: {s}", "How do you say this in {x}? {s}", "Say it in {x}: {s}"],
    "de": ["Übersetze ins {x}e: {s}", "Wie sagt man das auf {x}? {s}", "Sag es auf {x}: {s}"],
    "fr": ["Traduis en {x} : {s}", "Comment dit-on cela en {x} ? {s}", "Dis-le en {x} : {s}"],
    "es": ["Traduce al {x}: {s}", "¿Cómo se dice esto en {x}? {s}", "Dilo en {x}: {s}"],
}
NAMES = {
    "en": {"en": "English", "de": "German", "fr": "French", "es": "Spanish"},
    "de": {"en": "Englisch", "de": "Deutsch", "fr": "Französisch", "es": "Spanisch"},
    "fr": {"en": "anglais", "de": "allemand", "fr": "français", "es": "espagnol"},
    "es": {"en": "inglés", "de": "alemán", "fr": "francés", "es": "español"},
}


def persona_chat(data: Path) -> dict[str, list[str]]:
    """Synthetic-Persona-Chat in windows of at most MAX_TURNS turns that start with the user."""
    rows = xz_json(data / "synthetic_persona_chat" / "spc.jsonl.xz")
    out = {}
    for split, part in zip(("train", "held"), hold(rows)):
        out[split] = [doc for row in part for doc in _windows([t.split(":", 1)[-1] for t in row["turns"]])]
    return out


def _windows(turns: list[str]) -> Iterator[str]:
    for at in range(0, len(turns) - 1, MAX_TURNS):
        part = turns[at : at + MAX_TURNS]
        part = part[: len(part) // 2 * 2]
        while sum(map(len, part)) > MAX_CHARS:
            part = part[:-2]
        if part:
            yield render((("user", "assistant")[i % 2], t) for i, t in enumerate(part))


def small_sets(data: Path) -> dict[str, list[str]]:
    """ChatterBot pairs (chosen topics) and rasbt's short instructions."""
    bot = [r for r in xz_json(data / "chatterbot" / "dialogs.jsonl.xz") if r["lang"] in LANGS]
    tasks = xz_json(data / "rasbt_instructions" / "instructions.jsonl.xz")
    out = {}
    for split, rows, items in zip(("train", "held"), hold(bot), hold(tasks)):
        pairs = [r["turns"][:2] for r in rows if r["topic"] in CHATTERBOT_TOPICS and len(r["turns"]) > 1]
        docs = [render((("user", q), ("assistant", a))) for q, a in pairs if len(a) < 300]
        docs += [render((("user", f"{t['instruction']} {t['input']}"), ("assistant", t["output"])))
                 for t in items if t["output"]]
        out[split] = docs
    return out


def translations(data: Path) -> dict[str, list[str]]:
    """Tatoeba pairs among our languages. A pair that holds a held-out sentence is never trained on."""
    held = {lang: set(hold(xz_lines(data / "tatoeba" / f"{lang}.txt.xz"), HELD_LINES)[1]) for lang in LANGS}
    out: dict[str, list[str]] = {"train": [], "held": []}
    rng = seeded("translations")
    lines = xz_lines(data / "tatoeba" / "pairs.tsv.xz")
    first = int(len(lines) * 0.02)
    for at, line in enumerate(lines):
        part = line.split("\t")
        if len(part) != 4 or part[0] not in LANGS or part[1] not in LANGS:
            continue
        if rng.random() < 0.5:
            part = [part[1], part[0], part[3], part[2]]
        a, b, source, target = part
        if len(source) > 70:
            continue
        split = "held" if at < first or source in held[a] or target in held[b] else "train"
        ask = rng.choice((a, a, b))
        out[split].append(render((("user", rng.choice(SAY[ask]).format(x=NAMES[ask][b], s=source)), ("assistant", target))))
    return out
