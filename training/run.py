"""From raw data to a GGUF: stage -> tokenizer -> pack -> train -> export -> check.

    python run.py [all|stage|behaviours|tokenizer|pack|train|export|check] [--config configs/mini.json] [--data ../shared/data] [--steps N | --deadline HH:MM]

Every step reads what the one before wrote under work/; `train` resumes from its last checkpoint.
"""
from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

from tiller_train import chat_sources, text_sources
from tiller_train.common import ROOT, WORK, write_docs

STAGED, PACKED, TOKENIZER = WORK / "staged", WORK / "packed", WORK / "tokenizer.model"
TEXT = {"sentences": text_sources.sentences, "novels": text_sources.novels,
        "stories": text_sources.stories, "guide": text_sources.guide}
CHAT = {"persona": chat_sources.persona_chat, "small": chat_sources.small_sets, "translate": chat_sources.translations}


def stage(args: argparse.Namespace) -> None:
    languages = args.config["languages"]
    for kind, read in TEXT.items():
        for lang in languages:
            for split, docs in read(args.data, lang).items():
                print(kind, lang, split, write_docs(STAGED / f"{kind}.{lang}.{split}.jsonl", docs))
    for kind, read in CHAT.items():
        for split, docs in read(args.data, languages).items():
            print(kind, split, write_docs(STAGED / f"{kind}.{split}.jsonl", docs))
    behaviours(args)


def behaviours(args: argparse.Namespace) -> None:
    from tiller_train.behaviours import build

    for lang in args.config["languages"]:
        for (kind, split), docs in build(lang, args.data, args.seed, args.config["languages"]).items():
            print(kind, lang, split, write_docs(STAGED / f"{kind}.{lang}.{split}.jsonl", docs))


def initial(args: argparse.Namespace) -> Path | None:
    return ROOT.parent / args.config["init"] if args.config["init"] else None


def tokenizer(args: argparse.Namespace) -> None:
    from tiller_train.tokenizer import make_tokenizer

    make_tokenizer(STAGED, TOKENIZER, **args.config["tokenizer"], extends=initial(args))


def pack(args: argparse.Namespace) -> None:
    from tiller_train.pack import pack as run
    from tiller_train.tokenizer import Tokenizer

    for name, tokens in run(STAGED, PACKED, Tokenizer(TOKENIZER), args.only).items():
        print(name, tokens)


def ends(settings: dict, last: bool, steps: int | None, deadline: float | None) -> dict:
    """When a run ends: the last one as the command line says, all others after the configuration's steps."""
    return {"steps": steps, "deadline": deadline} if last and (steps or deadline) else {"steps": settings["steps"]}


def train(args: argparse.Namespace) -> None:
    from tiller_train.model import Config
    from tiller_train.streams import Mixture
    from tiller_train.tokenizer import Tokenizer
    from tiller_train.train import train as run
    from tiller_train.warm_start import warm_start

    config, deadline = args.config, None
    if args.deadline:
        hour, minute = map(int, args.deadline.split(":"))
        now = time.localtime()
        deadline = time.mktime((now.tm_year, now.tm_mon, now.tm_mday, hour, minute, 0, 0, 0, -1))
    cfg = Config(vocab=config["tokenizer"]["vocab"], **config["model"])
    start = initial(args)
    init = (lambda model: warm_start(model, start, Tokenizer(TOKENIZER))) if start else None
    mixture = Mixture(PACKED, config["passes"], bos=1, seed=args.seed, boost=config["boost"])
    for index, settings in enumerate(config["runs"]):
        mixture.phases = settings["phases"]
        last = index == len(config["runs"]) - 1
        run(cfg, mixture, WORK, run=index, lr=settings["lr"], warmup=settings["warmup"], decay=settings["decay"], seed=args.seed,
            threads=args.threads, init=init, **ends(settings, last, args.steps, deadline))


def export(args: argparse.Namespace) -> None:
    from tiller_train.export import export as run

    run(args.checkpoint, TOKENIZER, args.out or ROOT.parent / args.config["out"], args.config, f32=args.f32)


def check(args: argparse.Namespace) -> None:
    """Compare llama.cpp (through node-llama-cpp) with PyTorch on an F32 export of the same weights."""
    from tiller_train.check import check as compare
    from tiller_train.export import export as run

    path = WORK / "check-f32.gguf"
    run(args.checkpoint, TOKENIZER, path, args.config, f32=True)
    compare(args.checkpoint, TOKENIZER, path, STAGED)


STEPS = {"stage": stage, "behaviours": behaviours, "tokenizer": tokenizer, "pack": pack, "train": train, "export": export, "check": check}
ALL = ("stage", "tokenizer", "pack", "train", "export", "check")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=["all", *STEPS], nargs="?", default="all")
    parser.add_argument("--data", type=Path, default=ROOT.parents[1] / "shared" / "data")
    parser.add_argument("--config", type=Path, default=ROOT / "configs" / "mini.json")
    parser.add_argument("--out", type=Path, help="default: the configuration's")
    parser.add_argument("--checkpoint", type=Path, default=WORK / "checkpoint.pt")
    parser.add_argument("--only", default="", help="pack only streams whose name starts so")
    parser.add_argument("--f32", action="store_true", help="export F32, for parity tests")
    end = parser.add_mutually_exclusive_group()
    end.add_argument("--steps", type=int, help="of the last run; default: the configuration's")
    end.add_argument("--deadline", help="HH:MM; the last run's learning rate has decayed by then")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    args = parser.parse_args()
    args.config = json.loads(args.config.read_text(encoding="utf-8"))
    for step in ALL if args.step == "all" else (args.step,):
        STEPS[step](args)


if __name__ == "__main__":
    main()
