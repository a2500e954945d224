"""Training loop: resumable, with a warm-up / stable / linear-decay schedule.

A configuration may have several runs, one after the other: each begins with the weights, moments and places in the
streams of the one before and has a schedule of its own. Progress is step / steps (reproducible), or elapsed time / time
until a deadline. The log of a deadline run names its step count, with which `--steps` repeats it up to where phases changed.
"""
from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from .common import VAL_LENGTH, VAL_ROWS
from .identity import refuse
from .model import Config, Llama
from .muon import Muon
from .streams import Mixture

FLOOR = 0.02
UNSAID = {"spent": 0.0, "total": 0.0, "seen": 0, "log": math.inf}  # what older checkpoints lack


def rate(step: int, progress: float, warmup: int, decay: float) -> float:
    """Warm-up over `warmup` steps, stable, then linear decay over the last share `decay` of the run (WSD, Hu et al. 2024)."""
    left = min(1.0, max(0.0, 1 - progress) / decay)
    return min(1.0, (step + 1) / warmup) * max(FLOOR, left)


def optimisers(model: Llama, lr: float, device: torch.device) -> list[torch.optim.Optimizer]:
    matrices = [p for n, p in model.named_parameters() if p.ndim == 2 and "embd" not in n]
    rest = [p for n, p in model.named_parameters() if p.ndim != 2 or "embd" in n]
    adam = torch.optim.AdamW(rest, lr, betas=(0.9, 0.95), weight_decay=0.0, fused=device.type == "cuda")
    return [Muon(matrices, lr, weight_decay=0.05), adam]


def restore(opts: list[torch.optim.Optimizer], states: list[dict]) -> None:
    """Moments from a checkpoint of either device; whether AdamW is fused is this device's matter, not the checkpoint's."""
    for opt, state in zip(opts, states):
        for group in state["param_groups"]:
            if "fused" in group:
                group["fused"] = opt.defaults["fused"]
        opt.load_state_dict(state)


@torch.no_grad()
def validate(model: Llama, packed: Path, device: torch.device, length: int = VAL_LENGTH, rows: int = VAL_ROWS) -> dict[str, float]:
    """Mean loss (nats per token) on the first windows of each held-out stream."""
    out = {}
    for path in sorted(packed.glob("*.held.npy")):
        ids = np.load(path, mmap_mode="r")
        n = min(rows, (len(ids) - 1) // length)
        if n < 1:
            continue
        x, y = (torch.from_numpy(np.array(ids[at : n * length + at], dtype=np.int64)).view(n, length).to(device) for at in (0, 1))
        with torch.autocast(device.type, torch.bfloat16):
            out[path.name.removesuffix(".held.npy")] = round(float(model(x, y)), 4)
    return out


def accumulate(forward: Callable, batch: torch.Tensor, micro: int | None, device: torch.device, dtype: torch.dtype = torch.bfloat16) -> torch.Tensor:
    """Adds the gradients of a batch's mean loss, `micro` tokens at a time (a row at least; None: all at once); returns the loss."""
    rows = max(1, micro // (batch.shape[1] - 1)) if micro else len(batch)
    total = torch.zeros((), device=device)
    for part in batch.split(rows):
        part = part.to(device)
        with torch.autocast(device.type, dtype, enabled=dtype != torch.float32):
            loss = forward(part[:, :-1].contiguous(), part[:, 1:].contiguous())
        loss = loss * (len(part) / len(batch))
        loss.backward()
        total += loss.detach()
    return total


def train(cfg: Config, mixture: Mixture, work: Path, *, run: int, lr: float, warmup: int, decay: float, seed: int, threads: int,
          device: torch.device = torch.device("cpu"), micro: int | None = None, compiled: bool = True, identity: dict | None = None,
          adopt: bool = False, init: Callable[[Llama], dict] | None = None, steps: int | None = None, deadline: float | None = None,
          save_every: float = 150, val_every: int = 400) -> None:
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    model = Llama(cfg)  # on the CPU at first: its numbers are the same for every device
    path, log = work / "checkpoint.pt", work / "train.jsonl"
    saved = UNSAID | torch.load(path, weights_only=True, map_location="cpu") if path.exists() else None
    identity = identity or {}
    if saved and not adopt:
        refuse(path, saved, identity)
    if saved and (saved["run"] > run or (saved["run"] == run and saved["done"])):
        return
    start = {} if saved or init is None else init(model)
    if saved:
        model.load_state_dict(saved["model"])
    model.to(device)
    opts = optimisers(model, lr, device)
    step, tokens, begin, spent, total, seen = 0, 0, time.time(), 0.0, 0.0, 0
    if saved:
        restore(opts, saved["opts"])
        mixture.load(saved["mixture"])
        tokens = saved["tokens"]
        if saved["run"] == run:
            step, begin, spent, total, seen = (saved[key] for key in ("step", "begin", "spent", "total", "seen"))
        if log.exists() and log.stat().st_size > saved["log"]:
            os.truncate(log, saved["log"])  # rows of steps that come again
    elif log.exists():
        log.replace(log.with_suffix(".old.jsonl"))
    clock = time.time() - spent  # without the time between a kill and now
    forward = torch.compile(model, dynamic=False) if compiled else model

    def save(done: bool = False) -> None:
        partial = path.with_suffix(".tmp")
        torch.save({"model": model.state_dict(), "opts": [o.state_dict() for o in opts], "mixture": mixture.state(), "run": run, "done": done,
                    "step": step, "tokens": tokens, "begin": begin, "spent": time.time() - clock, "total": total, "seen": seen,
                    "log": log.stat().st_size, "identity": identity, "config": cfg.as_dict()}, partial)
        partial.replace(path)

    def note(**row) -> None:
        with log.open("a") as out:
            out.write(json.dumps(row) + "\n")

    if step == 0:
        note(run=run, step=0, tokens=tokens, parameters=sum(p.numel() for p in model.parameters()), start=start,
             held=validate(model, mixture.packed, device))
    saved_at = time.time()
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
        loss = accumulate(forward, batch, micro, device)
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        if not math.isfinite(float(norm)):
            raise RuntimeError(f"gradient is not finite at step {step}")
        for opt in opts:
            opt.step()
            opt.zero_grad(set_to_none=True)
        step, total, seen = step + 1, total + float(loss), seen + 1
        tokens += batch[:, 1:].numel()
        if step % 25 == 0:
            note(step=step, progress=round(progress, 4), loss=round(total / seen, 4), time=round(time.time() - clock))
            total, seen = 0.0, 0
        if step % val_every == 0:
            note(step=step, progress=round(progress, 4), tokens=tokens, held=validate(model, mixture.packed, device))
        if time.time() - saved_at > save_every:
            save()
            saved_at = time.time()
    note(step=step, progress=1.0, tokens=tokens, held=validate(model, mixture.packed, device),
         passes={n: round(s.passes, 2) for n, s in mixture.streams.items()})
    save(done=True)
