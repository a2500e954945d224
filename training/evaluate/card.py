"""python -m evaluate.card TEMPLATE.md FIGURES.json OUT.md [--log train.jsonl]

Fills the marks {{NAME}} of a card template with tables made from the figures, so that no number is typed by hand.
"""
from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

from tiller_train.behaviours.packs import PACKS


def table(head: list[str], rows: list[list]) -> str:
    line = lambda cells: "| " + " | ".join(str(c) for c in cells) + " |"  # noqa: E731
    return "\n".join([line(head), "|" + "---|" * len(head), *map(line, rows)])


def shape(f: dict) -> str:
    m, c = f["model"], f["model"]["config"]
    return (f"{m['parameters']:,} parameters ({m['bytes'] / 1e6:.2f} MB as Q8_0): width {c['width']}, {c['layers']} layers, {c['heads']} heads of "
            f"{c['width'] // c['heads']} ({c['kv_heads']} for keys and values), SwiGLU {c['hidden']}, vocabulary {c['vocab']:,}, context {c['context']:,}, tied embeddings")


def bits(f: dict) -> str:
    kinds = [k for k, v in f["bits_per_byte"].items() if v]
    show = lambda cell: f"{cell['bits_per_byte']:.2f}" if cell else "–"  # noqa: E731
    rows = [[lang, *(show(f["bits_per_byte"][k].get(lang)) for k in kinds), f["bits_per_byte"]["sentences"][lang]["bytes_per_token"]]
            for lang in f["languages"] if lang in f["bits_per_byte"]["sentences"]]
    return table(["language", *kinds, "bytes per token"], rows)


def judged(f: dict) -> str:
    langs = list(next(iter(f["self_assessment"].values()))["by_language"])
    return table(["guideline", "AUROC", "accuracy", "n", *langs],
                 [[a, f"**{r['auroc']:.2f}**", f"{r['accuracy']:.2f}", r["n"], *(f"{r['by_language'][x]:.2f}" for x in langs)]
                  for a, r in f["self_assessment"].items()])


def continued(f: dict) -> str:
    pair = lambda r, key: f"{r[key]:.2f} ({r['human_' + key]:.2f})"  # noqa: E731
    return table(["language", "stays", "n", "identifier on human text", "distinct-1", "distinct-2", "distinct-3", "repeated 4-grams"],
                 [[x, f"{r['stays']:.2f}", r["n"], f"{r['human_identified']:.2f}", *(pair(r, k) for k in ("distinct_1", "distinct_2", "distinct_3", "repeated_4"))]
                  for x, r in f["continuations"].items()])


def obeyed(f: dict) -> str:
    langs = f["languages"]
    return table(["instruction", "obeyed", "n", *langs],
                 [[t, f"{r['obeyed']:.2f}", r["n"], *(f"{r['by_language'][x]:.2f}" if x in r["by_language"] else "–" for x in langs)]
                  for t, r in f["instructions"].items()])


def samples(f: dict) -> str:
    return "\n".join(f"- seed {s['seed']}{', system “' + s['system'] + '”' if 'system' in s else ''}  \n  **User:** {s['user']}  \n  **Model:** {s['answer']}"
                     for s in f["samples"])


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


def compute(log: list[dict], parameters: int) -> str:
    """Tokens, steps and minutes of each run, FLOPs."""
    tokens = max(r.get("tokens", 0) for r in log)
    each = "; ".join(f"{run[-1]['step']:,} steps in {max(r.get('time', 0) for r in run) / 60:.0f} minutes" for run in runs(log))
    return (f"{tokens / 1e6:.2f} M tokens ({each}, wall time); "
            f"6·N·tokens = {6 * parameters * tokens / 1e12:.0f} TFLOP")


def fill(template: str, figures: dict, log: list[dict]) -> str:
    makers = {"SHAPE": lambda: shape(figures), "BITS": lambda: bits(figures), "JUDGED": lambda: judged(figures), "CONTINUED": lambda: continued(figures),
              "OBEYED": lambda: obeyed(figures), "SAMPLES": lambda: samples(figures), "CURVE": lambda: curve(log),
              "FOLLOWED": lambda: held([r for run in runs(log)[1:] for r in run], sorted(PACKS), "facts"),
              "HELD": lambda: held(log, figures["languages"]), "COMPUTE": lambda: compute(log, figures["model"]["parameters"]), "SLICE": lambda: str(figures["slice"])}
    return re.sub(r"\{\{(\w+)\}\}", lambda m: makers[m.group(1)](), template)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("template", type=Path)
    parser.add_argument("figures", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--log", type=Path)
    args = parser.parse_args()
    log = [json.loads(line) for line in args.log.read_text().splitlines()] if args.log else []
    args.out.write_text(fill(args.template.read_text(encoding="utf-8"), json.loads(args.figures.read_text(encoding="utf-8")), log), encoding="utf-8")


if __name__ == "__main__":
    main()
