"""What transformers computes: every value that enters or leaves a module, and what an edit of it does to the logits.

The file holds, for the same tokens: `tokens` [T], `logits` [T × V]; `read/<in|out>/<module>` [T × n] for every module whose first input
or output is a row per token; for each of those in layer EDITED, `edit/…`: the logits [T × V] with `noise/<n>` [n] times the value's
largest magnitude added to it.
"""
from __future__ import annotations

from collections import Counter
from pathlib import Path

import torch
from safetensors.torch import save_file

TOKENS = [1, 40, 99, 7, 300, 12, 261, 5]
EDITED = 2


def rows(value: object) -> torch.Tensor | None:
    """A row per token, or nothing."""
    while isinstance(value, tuple | list) and value:
        value = value[0]
    if not isinstance(value, torch.Tensor) or not value.is_floating_point():
        return None
    flat = value.reshape(-1, value.shape[-1]) if value.ndim in (2, 3) else None
    return flat if flat is not None and flat.shape[0] == len(TOKENS) else None


def run(model: torch.nn.Module) -> torch.Tensor:
    with torch.no_grad():
        return model(input_ids=torch.tensor([TOKENS]), use_cache=False).logits[0].float()


def layer_of(name: str) -> int | None:
    numbers = [int(part) for part in name.split(".") if part.isdigit()]
    return numbers[0] if numbers else None


def edited(model: torch.nn.Module, module: torch.nn.Module, side: str, shift: torch.Tensor) -> torch.Tensor:
    def add(value):
        if isinstance(value, tuple | list):
            return (add(value[0]), *value[1:])
        return value + shift

    if side == "in":
        hook = module.register_forward_pre_hook(lambda _, args: add(tuple(args)) if args else None)
    else:
        hook = module.register_forward_hook(lambda _, __, result: add(result))
    try:
        return run(model)
    finally:
        hook.remove()


def reference(model: torch.nn.Module, target: Path) -> None:
    seen: dict[tuple[str, str], torch.Tensor] = {}
    times: Counter[tuple[str, str]] = Counter()
    hooks = []
    for name, module in model.named_modules():
        if not name:
            continue

        def note(name: str, side: str, value: object) -> None:
            value = rows(value)
            if value is not None:
                times[(side, name)] += 1
                seen[(side, name)] = value.detach().clone()

        hooks.append(module.register_forward_pre_hook(
            lambda _, args, kwargs, name=name: note(name, "in", args[0] if args else kwargs.get("hidden_states")), with_kwargs=True))
        hooks.append(module.register_forward_hook(lambda _, __, result, name=name: note(name, "out", result)))
    logits = run(model)
    for hook in hooks:
        hook.remove()
    # what is passed twice is no place: an edit would act in both
    seen = {key: value for key, value in seen.items() if times[key] == 1}

    generator = torch.Generator().manual_seed(1)
    tensors = {"tokens": torch.tensor(TOKENS, dtype=torch.int32), "logits": logits}
    modules = dict(model.named_modules())
    for (side, name), value in seen.items():
        tensors[f"read/{side}/{name}"] = value
        width = value.shape[-1]
        if f"noise/{width}" not in tensors:
            tensors[f"noise/{width}"] = torch.randn(width, generator=generator)
        if layer_of(name) != EDITED:
            continue
        try:
            tensors[f"edit/{side}/{name}"] = edited(model, modules[name], side, tensors[f"noise/{width}"]*value.abs().max())
        except (TypeError, ValueError, RuntimeError):
            continue  # a module that takes its input by name only
    save_file({key: value.float().contiguous() if value.is_floating_point() else value for key, value in tensors.items()}, target)
