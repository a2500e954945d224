"""The tables of a card that are made from its figures."""
from __future__ import annotations

from .instructions import HOW
from .text import wilson

LEAST_BYTES = 10_000  # of a cell of bits per byte
LEAST = 8  # answers of a cell of the instructions; fewer stand in brackets


def table(head: list[str], rows: list[list]) -> str:
    line = lambda cells: "| " + " | ".join(str(c) for c in cells) + " |"  # noqa: E731
    return "\n".join([line(head), "|" + "---|" * len(head), *map(line, rows)])


def shape(f: dict) -> str:
    m, c = f["model"], f["model"]["config"]
    return (f"{m['parameters']:,} parameters ({m['bytes'] / 1e6:.2f} MB as Q8_0): width {c['width']}, {c['layers']} layers, {c['heads']} heads of "
            f"{c['width'] // c['heads']} ({c['kv_heads']} for keys and values), SwiGLU {c['hidden']}, vocabulary {c['vocab']:,}, context {c['context']:,}, tied embeddings")


def bits(f: dict) -> str:
    """Each cell with its documents and bytes; too small a cell says nothing."""
    kinds = [k for k, v in f["bits_per_byte"].items() if v]

    def show(cell: dict | None) -> str:
        if not cell or cell["bytes"] < LEAST_BYTES:
            return f"– ({cell['n']}, {cell['bytes'] / 1000:.1f} kB)" if cell else "–"
        return f"{cell['bits_per_byte']:.2f} ({cell['n']}, {cell['bytes'] / 1000:.0f} kB)"

    rows = [[lang, *(show(f["bits_per_byte"][k].get(lang)) for k in kinds), f["bits_per_byte"]["sentences"][lang]["bytes_per_token"]]
            for lang in f["languages"] if lang in f["bits_per_byte"]["sentences"]]
    return table(["language", *kinds, "bytes per token"], rows)


def judged(f: dict) -> str:
    langs = list(next(iter(f["self_assessment"].values()))["by_language"])
    return table(["guideline", "AUROC", "accuracy", "n", *langs],
                 [[a, f"**{r['auroc']:.2f}**", f"{r['accuracy']:.2f}", r["n"], *(f"{r['by_language'][x]:.2f}" for x in langs)]
                  for a, r in f["self_assessment"].items()])


def own(f: dict) -> str:
    auroc = lambda r: "–" if r["auroc"] is None else f"{r['auroc']:.2f}"  # noqa: E731
    return table(["guideline", "AUROC", "accuracy", "n", "of which Yes", "no rule says"],
                 [[a, auroc(r), f"{r['accuracy']:.2f}", r["n"], r["yes"], r["left_out"]] for a, r in f["own_replies"].items()])


def continued(f: dict) -> str:
    pair = lambda r, key: f"{r[key]:.2f} ({r['human_' + key]:.2f})"  # noqa: E731
    return table(["language", "stays", "n", "identifier on human text", "distinct-1", "distinct-2", "distinct-3", "repeated 4-grams"],
                 [[x, f"{r['stays']:.2f}", r["n"], f"{r['human_identified']:.2f}", *(pair(r, k) for k in ("distinct_1", "distinct_2", "distinct_3", "repeated_4"))]
                  for x, r in f["continuations"].items()])


def obeyed(f: dict) -> str:
    def cell(counts: list[int] | None) -> str:
        if not counts:
            return "–"
        return f"{counts[0]}/{counts[1]}" if counts[1] >= LEAST else f"({counts[0]}/{counts[1]})"

    def total(r: dict) -> str:
        low, high = wilson(r["obeyed"], r["n"])
        return f"**{r['obeyed'] / r['n']:.2f}** ({r['obeyed']}/{r['n']}; {low:.2f}–{high:.2f})"

    how = lambda test: next(text for key, text in HOW.items() if test.startswith(key))  # noqa: E731
    base = lambda r: f"{r['base'][0] / r['base'][1]:.2f} ({r['base'][0]}/{r['base'][1]})" if "base" in r else "–"  # noqa: E731
    return table(["instruction", "obeyed", "without it", *f["languages"], "how it is counted"],
                 [[test, total(r), base(r), *(cell(r["by_language"].get(x)) for x in f["languages"]), how(test)] for test, r in f["instructions"].items()])


def follows(f: dict) -> str:
    """The answers that follow a text, people and conflict together."""
    rows = [f["instructions"][f"follow the text: {kind}"] for kind in ("people", "conflict")]
    k, n = sum(r["obeyed"] for r in rows), sum(r["n"] for r in rows)
    return f"{k} of {n}, {k / n:.0%}"


def samples(f: dict) -> str:
    return "\n".join(f"- seed {s['seed']}{', system “' + s['system'] + '”' if 'system' in s else ''}  \n  **User:** {s['user']}  \n  **Model:** {s['answer']}"
                     for s in f["samples"])
