"""Paths, languages, the chat template and small file helpers shared by all steps."""
from __future__ import annotations

import hashlib
import json
import lzma
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "work"
LANGS = ("en", "de", "fr", "es", "it", "pt", "nl", "ru", "zh", "ja", "ar", "hi")
HELD_LINES = 2000  # held out of every commonvoice and tatoeba file
HELD_SHARE = 0.02  # held out of every other set: its first 2 %
VAL_ROWS, VAL_LENGTH = 2, 512  # windows of each held-out stream that the log's losses are measured on, and their tokens

BOS, EOS, END = "<s>", "</s>", "<|end|>"
ROLES = {"system": "<|system|>", "user": "<|user|>", "assistant": "<|assistant|>"}
SPECIALS = [*ROLES.values(), END]

# The same format as `render`, as the Jinja template that goes into the GGUF.
CHAT_TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}"
    "{% if message['role'] == 'system' %}{{ '<|system|>' + message['content'] + '<|end|>' }}"
    "{% elif message['role'] == 'user' %}{{ '<|user|>' + message['content'] + '<|end|>' }}"
    "{% elif message['role'] == 'assistant' %}{{ '<|assistant|>' + message['content'] + '<|end|>' }}"
    "{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)

Turn = tuple[str, str]


def render(turns: Iterable[Turn]) -> str:
    """A conversation as training text; `<s>` is added by the packer."""
    return "".join(f"{ROLES[role]}{text.strip()}{END}" for role, text in turns)


def seeded(*parts: object) -> random.Random:
    """A generator whose stream depends on the parts alone, not on Python's hash seed."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).digest()
    return random.Random(int.from_bytes(digest[:8], "big"))


def xz_lines(path: Path) -> list[str]:
    with lzma.open(path, "rt", encoding="utf-8") as handle:
        return handle.read().split("\n")


def xz_json(path: Path) -> list[dict]:
    return [json.loads(line) for line in xz_lines(path) if line.strip()]


def hold(items: list, count: int | None = None) -> tuple[list, list]:
    """(train, held): the first `count` items, or the first 2 % (at least one), are held out."""
    n = max(1, int(len(items) * HELD_SHARE + 0.999)) if count is None else count
    return items[n:], items[:n]


def write_docs(path: Path, docs: Iterable[str]) -> int:
    """Under another name until it is complete: a step that was killed leaves no half of a file that the next one would read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".tmp")
    n = 0
    with partial.open("w", encoding="utf-8") as out:
        for doc in docs:
            out.write(json.dumps(doc, ensure_ascii=False) + "\n")
            n += 1
    partial.replace(path)
    return n


def read_docs(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as handle:
        for line in handle:
            yield json.loads(line)
