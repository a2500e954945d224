"""Staged documents to one uint16 array per stream and split, in a seeded order, and a manifest of them."""
from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from .common import read_docs, seeded
from .tokenizer import Tokenizer

MANIFEST = "manifest.json"


def read_manifest(packed: Path) -> dict[str, dict]:
    """{stream.split: {"tokens" of the whole, "kept" here, "sha256" of the whole}}; empty where nothing was packed."""
    path = packed / MANIFEST
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def write_manifest(packed: Path, manifest: dict[str, dict]) -> None:
    partial = packed / (MANIFEST + ".tmp")
    partial.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    partial.replace(packed / MANIFEST)


def _tokens(docs: list[str], tokenizer: Tokenizer, most: int | None) -> Iterator[int]:
    count = 0
    for doc in docs:
        ids = tokenizer.document(doc)
        count += len(ids)
        if most is not None and count > most:
            return
        yield from ids


def pack(staged: Path, packed: Path, tokenizer: Tokenizer, only: str = "", most: dict[str, int] | None = None) -> dict[str, int]:
    """Pack every staged file whose name starts with `only`; returns token counts. `most`: {kind: tokens of a stream for training}, in whole documents."""
    packed.mkdir(parents=True, exist_ok=True)
    manifest = read_manifest(packed) if only else {}
    counts = {}
    for path in sorted(staged.glob(f"{only}*.jsonl")):
        docs = list(read_docs(path))
        seeded("pack", path.stem).shuffle(docs)
        limit = (most or {}).get(path.stem.split(".")[0]) if path.stem.endswith(".train") else None
        array = np.fromiter(_tokens(docs, tokenizer, limit), dtype=np.uint16)
        target = packed / f"{path.stem}.npy"
        partial = target.with_suffix(".tmp.npy")
        np.save(partial, array)
        partial.replace(target)
        counts[path.stem] = len(array)
        manifest[path.stem] = {"tokens": len(array), "kept": len(array), "sha256": hashlib.sha256(array.tobytes()).hexdigest()}
    for stale in {path.stem for path in packed.glob("*.npy")} - set(manifest):  # of languages or kinds that are no longer staged
        (packed / f"{stale}.npy").unlink()
    write_manifest(packed, manifest)
    return counts
