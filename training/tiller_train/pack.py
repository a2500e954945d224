"""Staged documents to one uint16 array per stream and split, in a seeded order."""
from __future__ import annotations

from pathlib import Path

import numpy as np

from .common import read_docs, seeded
from .tokenizer import Tokenizer


def pack(staged: Path, packed: Path, tokenizer: Tokenizer, only: str = "") -> dict[str, int]:
    """Pack every staged file whose name starts with `only`; returns token counts."""
    packed.mkdir(parents=True, exist_ok=True)
    counts = {}
    for path in sorted(staged.glob(f"{only}*.jsonl")):
        docs = list(read_docs(path))
        seeded("pack", path.stem).shuffle(docs)
        ids = [i for doc in docs for i in tokenizer.document(doc)]
        array = np.array(ids, dtype=np.uint16)
        target = packed / f"{path.stem}.npy"
        partial = target.with_suffix(".tmp.npy")
        np.save(partial, array)
        partial.replace(target)
        counts[path.stem] = len(array)
    return counts
