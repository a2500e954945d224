"""Training loop: resumable, with a warm-up / stable / linear-decay schedule.

A configuration may have several runs, one after the other: each begins with the weights, moments and places in the
streams of the one before and has a schedule of its own. Progress is step / steps (reproducible), or elapsed time / time
until a deadline. The log of a deadline run names its step count, with which `--steps` repeats it up to where phases changed.
"""
from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from .model import Config, Llama
from .muon import Muon
from .streams import Mixture

FLOOR = 0.02
VAL_LENGTH = 512


def rate(step: int, progress: float, warmup: int, decay: float) -> float:
    """Warm-up over `warmup` steps, stable, then linear decay over the last share `decay` of the run (WSD, Hu et al. 2024)."""
    left = min(1.0, max(0.0, 1 - progress) / decay)
    return min(1.0, (step + 1) / warmup) * max(FLOOR, left)


def optimisers(model: Llama, lr: float) -> list[torch.optim.Optimizer]:
    matrices = [p for n, p in model.named_parameters() if p.ndim == 2 and "embd" not in n]
    rest = [p for n, p in model.named_parameters() if p.ndim != 2 or "embd" in n]
    return [Muon(matrices, lr, weight_decay=0.05), torch.optim.AdamW(rest, lr, betas=(0.9, 0.95), weight_decay=0.0)]


@torch.no_grad()
def validate(model: Llama, packed: Path, length: int, rows: int = 2) -> dict[str, float]:
    """Mean loss (nats per token) on the first windows of each held-out stream."""
    out = {}
    for path in sorted(packed.glob("*.held.npy")):
        ids = np.load(path, mmap_mode="r")
        n = min(rows, (len(ids) - 1) // length)
        if n < 1:
            continue
        x = torch.from_numpy(np.array(ids[: n * length], dtype=np.int64)).view(n, length)
        y = torch.from_numpy(np.array(ids[1 : n * length + 1], dtype=np.int64)).view(n, length)
        with torch.autocast("cpu", torch.bfloat16):
            out[path.name.removesuffix(".held.npy")] = round(float(model(x, y)), 4)
    return out


def train(cfg: Config, mixture: Mixture, work: Path, *, run: int, lr: float, warmup: int, decay: float, seed: int, threads: int,
          init: Callable[[Llama], dict] | None = None, steps: int | None = None, deadline: float | None = None, save_every: float = 150, val_every: int = 400) -> None:
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    model = Llama(cfg)
    opts = optimisers(model, lr)
    path, log = work / "checkpoint.pt", work / "train.jsonl"
    step, tokens, begin = 0, 0, time.time()
    if path.exists():
        saved = torch.load(path, weights_only=True)
        if saved["run"] > run or (saved["run"] == run and saved["done"]):
            return
        model.load_state_dict(saved["model"])
        for opt, state in zip(opts, saved["opts"]):
            opt.load_state_dict(state)
        mixture.load(saved["mixture"])
        tokens = saved["tokens"]
        if saved["run"] == run:
            step, begin = saved["step"], saved["begin"]
    start = init(model) if init and not path.exists() else {}
    forward = torch.compile(model, dynamic=False)

    def save(done: bool = False) -> None:
        partial = path.with_suffix(".tmp")
        torch.save({"model": model.state_dict(), "opts": [o.state_dict() for o in opts], "mixture": mixture.state(),
                    "run": run, "done": done, "step": step, "tokens": tokens, "begin": begin, "config": cfg.as_dict()}, partial)
        partial.replace(path)

    def note(**row) -> None:
        with log.open("a") as out:
            out.write(json.dumps(row) + "\n")

    if step == 0:
        note(run=run, step=0, tokens=tokens, parameters=sum(p.numel() for p in model.parameters()), start=start,
             held=validate(model, mixture.packed, VAL_LENGTH))
    saved_at, total, seen = time.time(), 0.0, 0
    while True:
        progress = step / steps if steps else (time.time() - begin) / (deadline - begin)
        if progress >= 1:
            break
        if step % 50 == 0:
            mixture.refresh()
        for opt in opts:
            for group in opt.param_groups:
                group["lr"] = lr * rate(step, progress, warmup, decay)
        batch = torch.from_numpy(mixture.batch(run, step, progress))
        with torch.autocast("cpu", torch.bfloat16):
            loss = forward(batch[:, :-1].contiguous(), batch[:, 1:].contiguous())
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        if not math.isfinite(float(norm)):
            raise RuntimeError(f"gradient is not finite at step {step}")
        for opt in opts:
            opt.step()
            opt.zero_grad(set_to_none=True)
        step, total, seen = step + 1, total + float(loss.detach()), seen + 1
        tokens += batch[:, 1:].numel()
        if step % 25 == 0:
            note(step=step, progress=round(progress, 4), loss=round(total / seen, 4), time=round(time.time() - begin))
            total, seen = 0.0, 0
        if step % val_every == 0:
            note(step=step, progress=round(progress, 4), tokens=tokens, held=validate(model, mixture.packed, VAL_LENGTH))
        if time.time() - saved_at > save_every:
            save()
            saved_at = time.time()
    note(step=step, progress=1.0, tokens=tokens, held=validate(model, mixture.packed, VAL_LENGTH),
         passes={n: round(s.passes, 2) for n, s in mixture.streams.items()})
    save(done=True)
