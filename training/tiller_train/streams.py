"""Packed streams and the mixture that changes over the run.

Each sequence of a batch is drawn from one stream. Within a kind, languages are sampled with
exponent 0.5 of their size; a stream that has been read `max_passes` times is dropped.
"""
from __future__ import annotations

from pathlib import Path

import numpy as np

from .common import seeded
from .pack import read_manifest

SMALLEST = 436  # tokens; some languages lack a kind


class Stream:
    """`size`: tokens of the whole stream, of which an archive holds only the beginning that its steps read."""

    def __init__(self, path: Path, bos: int, entry: dict | None = None) -> None:
        self.version = path.stat().st_mtime_ns
        self.name = path.name
        self.ids = np.load(path, mmap_mode="r")
        self.size = entry["tokens"] if entry and entry["kept"] == len(self.ids) else len(self.ids)
        self.starts = np.flatnonzero(self.ids == bos)
        self.cursor = 0
        self.read = 0
        self.end = 0  # the furthest token that was needed

    @property
    def passes(self) -> float:
        return self.read / max(1, self.size)

    def skip(self, length: int) -> int:
        """Where the next window begins; the place moves on. Windows begin at a document unless the document is longer than one."""
        if self.cursor + length > self.size:
            self.cursor = 0
        at = self.cursor
        self.end = max(self.end, min(at + length, self.size))
        if self.end > len(self.ids):
            raise SystemExit(f"{self.name} holds the first {len(self.ids):,} of {self.size:,} tokens, and this step reads further: "
                             "make the archive for as many --steps and the same --seed as the training has")
        last = self.starts[np.searchsorted(self.starts, at + length - 1, side="right") - 1]
        self.cursor = int(last) if last > at else at + length - 1
        self.read += self.cursor - at
        return at

    def take(self, length: int) -> np.ndarray:
        """The next window."""
        at = self.skip(length)
        window = np.array(self.ids[at : at + length], dtype=np.int64)
        return np.resize(window, length) if len(window) < length else window  # a stream shorter than one window


class Mixture:
    """phases: [{"until": progress, "rows": sequences per step, "length": tokens each, "shares": {kind: share}}];
    passes: {kind: most passes}; boost: {language: factor}, 1 where it is not named."""

    def __init__(self, packed: Path, passes: dict[str, float], bos: int, seed: int,
                 boost: dict[str, float] | None = None) -> None:
        self.packed, self.passes, self.bos, self.seed = packed, passes, bos, seed
        self.phases: list[dict] = []
        self.boost = boost or {}
        self.streams: dict[str, Stream] = {}
        self.refresh()

    def refresh(self) -> None:
        """Open streams that were packed, or packed anew, since the last call."""
        known = read_manifest(self.packed)
        for path in sorted(self.packed.glob("*.train.npy")):
            name = path.name.removesuffix(".train.npy")
            if name not in self.streams or self.streams[name].version != path.stat().st_mtime_ns:
                stream = Stream(path, self.bos, known.get(f"{name}.train"))
                if stream.size >= SMALLEST:
                    self.streams[name] = stream

    def phase(self, progress: float) -> dict:
        return next((p for p in self.phases if progress < p["until"]), self.phases[-1])

    def shares(self, progress: float) -> dict[str, float]:
        phase = self.phase(progress)
        out: dict[str, float] = {}
        for kind, share in phase["shares"].items():
            names = [n for n, s in self.streams.items() if n.split(".")[0] == kind and s.passes < self.passes.get(kind, 6)]
            weights = np.array([self.streams[n].size ** 0.5 * self.boost.get(n.split(".")[-1], 1) for n in names])
            for name, weight in zip(names, weights):
                out[name] = share * weight / weights.sum()
        return out

    def draw(self, run: int, step: int, progress: float) -> tuple[list[str], int]:
        """The streams of a batch's rows, and the tokens of each."""
        phase, shares = self.phase(progress), self.shares(progress)
        rng = seeded(self.seed, "batch", run, step)
        return rng.choices(list(shares), list(shares.values()), k=phase["rows"]), phase["length"] + 1

    def batch(self, run: int, step: int, progress: float) -> np.ndarray:
        """Token ids [rows, length + 1]."""
        names, length = self.draw(run, step, progress)
        return np.stack([self.streams[n].take(length) for n in names])

    def state(self) -> dict[str, tuple[int, int]]:
        return {n: (s.cursor, s.read) for n, s in self.streams.items()}

    def load(self, state: dict[str, tuple[int, int]]) -> None:
        for name, (cursor, read) in state.items():
            if name in self.streams:
                self.streams[name].cursor, self.streams[name].read = cursor, read
