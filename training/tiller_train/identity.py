"""What a checkpoint was made from, so that it is never gone on from, or exported, as something else."""
from __future__ import annotations

import hashlib
import json
from pathlib import Path

from .pack import read_manifest

# What shapes the weights. Not the name, the place of the result, nor how many tokens go through the model at once.
SHAPES = ("languages", "init", "tokenizer", "model", "most", "passes", "boost", "runs")


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def identity(config: dict, seed: int, tokenizer: Path, packed: Path) -> dict[str, str]:
    """Digests of configuration, seed, tokenizer and packed data; "" for what is not there."""
    streams = {name: [entry["tokens"], entry["sha256"]] for name, entry in read_manifest(packed).items()}
    return {"configuration": _digest({key: config.get(key) for key in SHAPES}), "seed": str(seed),
            "tokenizer": hashlib.sha256(tokenizer.read_bytes()).hexdigest() if tokenizer.exists() else "",
            "data": _digest(streams) if streams else ""}


def refuse(checkpoint: Path, saved: dict, now: dict[str, str]) -> None:
    """Ends the program, with what to do, where the checkpoint was made from something else than `now`."""
    was = saved.get("identity")
    if was is not None and all(was.get(key) == value for key, value in now.items()):
        return
    what = "does not say what it was made from" if was is None else \
        f"was made with another {' and another '.join(key for key in now if was.get(key) != now[key])}"
    raise SystemExit(f"{checkpoint} {what}. Give what it was made with, or another --work folder, or move the checkpoint away to begin "
                     "anew; --adopt goes on from its weights on purpose.")
