"""python -m evaluate.card TEMPLATE.md FIGURES.json OUT.md [--log train.jsonl]

Fills the marks {{NAME}} of a card template from the figures and the log, so that no measured number of the file is typed by hand.
"""
from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

from tiller_train.behaviours.packs import PACKS
from tiller_train.common import VAL_LENGTH, VAL_ROWS

from . import curves, tables
from .continuations import MOST
from .sampling import TEMPERATURE, TOP_P


def fill(template: str, figures: dict, log: list[dict]) -> str:
    f, languages = figures, figures["languages"]
    makers = {
        "SHAPE": lambda: tables.shape(f), "SHA256": lambda: f["model"]["sha256"], "BITS": lambda: tables.bits(f), "JUDGED": lambda: tables.judged(f),
        "OWN": lambda: tables.own(f), "CONTINUED": lambda: tables.continued(f), "OBEYED": lambda: tables.obeyed(f), "SAMPLES": lambda: tables.samples(f),
        "FOLLOWS": lambda: tables.follows(f), "SLICE": lambda: str(f["slice"]), "LEAST": lambda: str(tables.LEAST),
        "LEAST_BYTES": lambda: f"{tables.LEAST_BYTES // 1000} kB", "TEMPERATURE": lambda: str(TEMPERATURE), "TOP_P": lambda: str(TOP_P), "MOST": lambda: str(MOST),
        "CURVE": lambda: curves.curve(log), "HELD": lambda: curves.held(log, languages), "AFTER_RUNS": lambda: curves.after_runs(log, languages),
        "FOLLOWED": lambda: curves.held(log, sorted(PACKS), "facts"), "COMPUTE": lambda: curves.compute(log, f["model"]["parameters"]),
        "MIXED": lambda: curves.mixed(log, f["streams"]), "VAL": lambda: f"{VAL_ROWS} windows of {VAL_LENGTH} tokens",
    }
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
