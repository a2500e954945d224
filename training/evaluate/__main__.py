"""python -m evaluate MODEL.gguf [--out FIGURES.json] [--data DIR] [--slice N]

Without --data (a fresh clone) only what needs no outside text is measured, with a made-up list of countries.
"""
from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from tiller_train.behaviours import load_countries
from tiller_train.common import LANGS, ROOT, WORK, read_docs, seeded
from tiller_train.pack import read_manifest

from .continuations import continuations
from .gguf_model import load
from .instructions import instructions
from .likelihood import bits_per_byte, self_assessment
from .own_replies import own_replies
from .sampling import chat, sample

COUNTRIES = [{"iso": str(i), "capital_en": f"City {i}", **{k: {c: f"{k} {i}" for c in LANGS} for k in ("names", "continent", "currency", "language")}}
             for i in range(60)]
KINDS = ("sentences", "novels", "stories", "behave")
DOCS = 2  # documents for bits per byte, as a multiple of the items of a cell: many are short
SMALL = 3  # items per language and cell of the slice that CI measures again


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--data", type=Path, help="the data folder; also needs `run.py stage`")
    parser.add_argument("--staged", type=Path, default=WORK / "mini" / "staged")
    parser.add_argument("--slice", type=int, default=40, help="items per language and cell")
    parser.add_argument("--languages", help="comma-separated; default: the model's")
    args = parser.parse_args()
    begin = time.time()
    languages = args.languages.split(",") if args.languages else None
    out = measure(args.model, args.data, args.staged, args.slice, languages)
    cases = json.loads((ROOT / "samples.json").read_text(encoding="utf-8"))
    answers = sample(args.model, [chat(([("system", c["system"])] if "system" in c else []) + [("user", c["user"])], c["seed"], max=100) for c in cases])
    out["samples"] = [{**case, "answer": answer} for case, answer in zip(cases, answers)]
    out["seconds"] = round(time.time() - begin)
    if args.data:
        packed = read_manifest(args.staged.with_name("packed"))
        out["streams"] = {name.removesuffix(".train"): entry["tokens"] for name, entry in packed.items() if name.endswith(".train")}
        out["small"] = measure(args.model, args.data, args.staged, SMALL, languages)
    text = json.dumps(out, ensure_ascii=False, indent=1)
    if args.out:
        args.out.write_text(text + "\n", encoding="utf-8")
    else:
        print(text)


def measure(path: Path, data: Path | None, staged: Path, per_cell: int, languages: list[str] | None = None) -> dict:
    """All figures of a card but the samples, with `per_cell` items per language and cell."""
    model, tokenizer, facts = load(path)
    languages = languages or facts["languages"]
    countries = load_countries(data) if data else COUNTRIES
    out = {"model": facts, "languages": languages, "slice": per_cell}
    if data:
        out["bits_per_byte"] = {kind: {lang: bits_per_byte(model, tokenizer, docs[: DOCS * per_cell]) for lang in languages
                                       if (docs := _held(staged, kind, lang))} for kind in KINDS}
        out["continuations"] = continuations(path, staged, languages, per_cell)
    out["self_assessment"] = self_assessment(model, tokenizer, countries, per_cell, languages)
    out["own_replies"] = own_replies(path, model, tokenizer, countries, max(SMALL, per_cell // 2), languages)
    out["instructions"] = instructions(path, countries, languages, max(1, per_cell // 4))
    return out


def _held(staged: Path, kind: str, lang: str) -> list[str]:
    """In a seeded order: the files begin with all documents of one set, such as Tatoeba, or one novel."""
    path = staged / f"{kind}.{lang}.held.jsonl"
    docs = list(read_docs(path)) if path.exists() else []
    seeded("bits", kind, lang).shuffle(docs)
    return docs


if __name__ == "__main__":
    main()
