"""The tables of a card that are made from the log of its training."""
from __future__ import annotations

from .tables import table


def runs(log: list[dict]) -> list[list[dict]]:
    """The rows of each run; a run begins at its step 0."""
    starts = [i for i, r in enumerate(log) if r["step"] == 0]
    return [log[a:b] for a, b in zip(starts, [*starts[1:], len(log)])]


def curve(log: list[dict], rows: int = 16) -> str:
    """Training loss (nats per token) over the steps of all runs: the mean of each of `rows` stretches."""
    losses, before = [], 0
    for run in runs(log):
        losses += [{"step": before + r["step"], "loss": r["loss"]} for r in run if "loss" in r]
        before += run[-1]["step"]
    size = max(1, -(-len(losses) // rows))
    parts = [losses[i : i + size] for i in range(0, len(losses), size)]
    return table(["step", "training loss"], [[p[-1]["step"], f"{sum(r['loss'] for r in p) / len(p):.3f}"] for p in parts])


def held(log: list[dict], languages: list[str], kind: str = "sentences", rows: int = 12) -> str:
    """Loss on held-out text (nats per token) over all tokens read, per language."""
    points = [r for r in log if "held" in r]
    step = max(1, (len(points) - 1) // (rows - 1))
    picked = points[:1] + points[step:-1:step] + points[-1:]
    return table(["tokens read (M)", *languages],
                 [[f"{r.get('tokens', 0) / 1e6:.1f}", *(f"{r['held'][f'{kind}.{x}']:.2f}" for x in languages)] for r in picked])


def after_runs(log: list[dict], languages: list[str]) -> str:
    """Loss on held-out sentences before the first run and at the end of each."""
    points = [("before", log[0]), *((f"run {i + 1}", [r for r in run if "held" in r][-1]) for i, run in enumerate(runs(log)))]
    return table(["after", *languages], [[name, *(f"{r['held'][f'sentences.{x}']:.3f}" for x in languages)] for name, r in points])


def compute(log: list[dict], parameters: int) -> str:
    """Tokens, steps and minutes of each run, FLOPs."""
    tokens = max(r.get("tokens", 0) for r in log)
    each = "; ".join(f"{run[-1]['step']:,} steps in {max(r.get('time', 0) for r in run) / 60:.0f} minutes" for run in runs(log))
    return (f"{tokens / 1e6:.2f} M tokens ({each}, wall time); "
            f"6·N·tokens = {6 * parameters * tokens / 1e12:.0f} TFLOP")


SETS = {"sentences": "Tatoeba and Common Voice sentences", "novels": "ELTeC novels", "stories": "storybooks, FairytaleQA, TinyStories sample",
        "guide": "opensource.guide", "persona": "Synthetic-Persona-Chat", "small": "ChatterBot corpus, rasbt instructions", "translate": "Tatoeba pairs",
        "behave": "written: `behave` (a sixth of it Tatoeba, storybook and TinyStories answers)", "judge": "written: `judge`",
        "clarify": "written: `clarify`", "facts": "written: `facts` (with CLDR facts)", "copying": "written: `copying` (words of Tatoeba)"}


def mixed(log: list[dict], streams: dict[str, int]) -> str:
    """Per kind of data: tokens there are (as packed today), tokens read, and the passes of its streams, fewest and most."""
    passes = [r for r in log if "passes" in r][-1]["passes"]
    rows, read_all = [], 0.0
    for kind, name in SETS.items():
        own = {n: p for n, p in passes.items() if n.split(".")[0] == kind and n in streams}
        read = sum(streams[n] * p for n, p in own.items())
        if read == 0:
            continue
        read_all += read
        low, high = min(own.values()), max(own.values())
        rows.append([name, f"{sum(streams[n] for n in own) / 1e6:.2f}", f"{read / 1e6:.2f}", f"{low:.2f}" if low == high else f"{low:.2f} to {high:.2f}"])
    rows.append(["together", f"{sum(streams[n] for n in passes if n in streams) / 1e6:.2f}", f"{read_all / 1e6:.2f}", ""])
    return table(["data", "tokens (M)", "tokens read (M)", "passes, by language"], rows)
