"""From raw data to a GGUF: stage -> tokenizer -> pack -> train -> export -> check.

    python run.py [STEP] [--config configs/mini.json] [--data ../shared/data] [--steps N | --deadline HH:MM] [--device auto|cpu|cuda]

Every step reads what the one before wrote under work/<configuration>/; `train` resumes from its last checkpoint.
To train elsewhere: `pack --archive FILE` here; `unpack --archive FILE`, `train` and `export --parts 16MiB` there; `join --parts DIR` here.
"""
from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

from tiller_train import chat_sources, text_sources
from tiller_train.common import ROOT, WORK, write_docs
from tiller_train.identity import identity, refuse
from tiller_train.parts import size

TEXT = {"sentences": text_sources.sentences, "novels": text_sources.novels,
        "stories": text_sources.stories, "guide": text_sources.guide}
CHAT = {"persona": chat_sources.persona_chat, "small": chat_sources.small_sets, "translate": chat_sources.translations}


class Places:
    """Where the steps of one configuration keep what they make."""

    def __init__(self, work: Path) -> None:
        self.work, self.staged, self.packed, self.parts = work, work / "staged", work / "packed", work / "parts"
        self.tokenizer, self.checkpoint, self.log = work / "tokenizer.model", work / "checkpoint.pt", work / "train.jsonl"


def stage(args: argparse.Namespace) -> None:
    languages = args.config["languages"]
    for kind, read in TEXT.items():
        for lang in languages:
            for split, docs in read(args.data, lang).items():
                print(kind, lang, split, write_docs(args.at.staged / f"{kind}.{lang}.{split}.jsonl", docs))
    for kind, read in CHAT.items():
        for split, docs in read(args.data, languages).items():
            print(kind, split, write_docs(args.at.staged / f"{kind}.{split}.jsonl", docs))
    behaviours(args)


def behaviours(args: argparse.Namespace) -> None:
    from tiller_train.behaviours import build

    for lang in args.config["languages"]:
        for (kind, split), docs in build(lang, args.data, args.seed, args.config["languages"]).items():
            print(kind, lang, split, write_docs(args.at.staged / f"{kind}.{lang}.{split}.jsonl", docs))


def initial(args: argparse.Namespace) -> Path | None:
    return ROOT.parent / args.config["init"] if args.config["init"] else None


def tokenizer(args: argparse.Namespace) -> None:
    from tiller_train.tokenizer import make_tokenizer

    make_tokenizer(args.at.staged, args.at.tokenizer, **args.config["tokenizer"], extends=initial(args))


def pack(args: argparse.Namespace) -> None:
    from tiller_train.pack import pack as run
    from tiller_train.tokenizer import Tokenizer

    for name, tokens in run(args.at.staged, args.at.packed, Tokenizer(args.at.tokenizer), args.only, args.config.get("most")).items():
        print(name, tokens)
    if args.archive:
        archive(args)


def archive(args: argparse.Namespace) -> None:
    from tiller_train.archive import needed, write

    keep = needed(mixture(args), args.config["runs"], args.steps)
    made = write(args.at.packed, args.at.tokenizer, args.archive, keep, args.limit)
    print(f"{args.archive}: {made['bytes'] / 2**20:.1f} MiB, {made['tokens'] / 1e6:.1f} of {made['of'] / 1e6:.1f} M tokens, seed {args.seed}")


def unpack(args: argparse.Namespace) -> None:
    from tiller_train.archive import unpack as run

    print(f"{args.at.packed}: {run(args.archive, args.at.packed, args.at.tokenizer) / 1e6:.1f} M tokens")


def ends(settings: dict, last: bool, steps: int | None, deadline: float | None) -> dict:
    """When a run ends: the last one as the command line says, all others after the configuration's steps."""
    return {"steps": steps, "deadline": deadline} if last and (steps or deadline) else {"steps": settings["steps"]}


def mixture(args: argparse.Namespace):
    from tiller_train.streams import Mixture

    return Mixture(args.at.packed, args.config["passes"], bos=1, seed=args.seed, boost=args.config["boost"])


def enough(args: argparse.Namespace) -> None:
    """Ends the program now, not hours later, where the data came from an archive that was made for less than this training reads."""
    from tiller_train.archive import needed
    from tiller_train.pack import read_manifest

    if all(entry["kept"] == entry["tokens"] for name, entry in read_manifest(args.at.packed).items() if name.endswith(".train")):
        return
    if args.deadline:
        raise SystemExit("--deadline reads further than an archive can foresee; give --steps, or pack all data here")
    needed(mixture(args), args.config["runs"], args.steps)


def made_from(args: argparse.Namespace) -> dict[str, str]:
    return identity(args.config, args.seed, args.at.tokenizer, args.at.packed)


def train(args: argparse.Namespace) -> None:
    from tiller_train.device import pick
    from tiller_train.model import Config
    from tiller_train.tokenizer import Tokenizer
    from tiller_train.train import train as run
    from tiller_train.warm_start import warm_start

    enough(args)
    config, deadline = args.config, None
    if args.deadline:
        hour, minute = map(int, args.deadline.split(":"))
        now = time.localtime()
        deadline = time.mktime((now.tm_year, now.tm_mon, now.tm_mday, hour, minute, 0, 0, 0, -1))
    cfg = Config(vocab=config["tokenizer"]["vocab"], **config["model"])
    start = initial(args)
    init = (lambda model: warm_start(model, start, Tokenizer(args.at.tokenizer))) if start else None
    mixed, device = mixture(args), pick(args.device)
    for index, settings in enumerate(config["runs"]):
        mixed.phases = settings["phases"]
        last = index == len(config["runs"]) - 1
        run(cfg, mixed, args.at.work, run=index, lr=settings["lr"], warmup=settings["warmup"], decay=settings["decay"], seed=args.seed,
            threads=args.threads, device=device, micro=args.micro or config.get("micro"), identity=made_from(args), adopt=args.adopt,
            init=init, **ends(settings, last, args.steps, deadline))


def gguf(args: argparse.Namespace, out: Path, f32: bool) -> None:
    """The checkpoint's weights under this configuration's name: only if they are its own."""
    import torch

    from tiller_train.export import export as run

    if not args.adopt:
        saved = torch.load(args.checkpoint, weights_only=True, map_location="cpu", mmap=True)
        refuse(args.checkpoint, saved, {key: made_from(args)[key] for key in ("configuration", "tokenizer")})
    run(args.checkpoint, args.at.tokenizer, out, args.config, f32=f32)


def export(args: argparse.Namespace) -> None:
    from tiller_train.parts import split

    out = args.out or ROOT.parent / args.config["out"]
    gguf(args, out, args.f32)
    if args.parts:  # with what resuming elsewhere needs besides the data
        files = [out, args.checkpoint, args.at.tokenizer, args.at.log]
        print(f"{args.at.parts}: {split([f for f in files if f.exists()], args.at.parts, size(args.parts))} parts")


def join(args: argparse.Namespace) -> None:
    from tiller_train.parts import join as run

    out = args.out or ROOT.parent / args.config["out"]
    for path in run(Path(args.parts) if args.parts else args.at.parts, lambda name: out if name.endswith(".gguf") else args.at.work / name):
        print(path)


def check(args: argparse.Namespace) -> None:
    """Compare llama.cpp (through node-llama-cpp) with PyTorch on an F32 export of the same weights."""
    from tiller_train.check import check as compare

    path = args.at.work / "check-f32.gguf"
    gguf(args, path, f32=True)
    compare(args.checkpoint, args.at.tokenizer, path, args.at.staged)


STEPS = {step.__name__: step for step in (stage, behaviours, tokenizer, pack, archive, unpack, train, export, join, check)}
ALL = ("stage", "tokenizer", "pack", "train", "export", "check")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=["all", *STEPS], nargs="?", default="all")
    parser.add_argument("--data", type=Path, default=ROOT.parents[1] / "shared" / "data")
    parser.add_argument("--config", type=Path, default=ROOT / "configs" / "mini.json")
    parser.add_argument("--work", type=Path, help="default: work/<configuration>")
    parser.add_argument("--out", type=Path, help="default: the configuration's")
    parser.add_argument("--checkpoint", type=Path, help="default: the work folder's")
    parser.add_argument("--only", default="", help="pack only streams whose name starts so")
    parser.add_argument("--archive", type=Path, help="pack, archive, unpack: the packed data in one file, as far as the steps read them")
    parser.add_argument("--limit", type=size, default="64MiB", help="refuse a larger archive (64MiB)")
    parser.add_argument("--parts", help="export: also as parts of at most so much, such as 16MiB; join: their folder, if not work/<configuration>/parts")
    parser.add_argument("--f32", action="store_true", help="export F32, for parity tests")
    end = parser.add_mutually_exclusive_group()
    end.add_argument("--steps", type=int, help="of the last run; default: the configuration's")
    end.add_argument("--deadline", help="HH:MM; the last run's learning rate has decayed by then")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto", help="auto: CUDA where there is one")
    parser.add_argument("--micro", type=int, help="tokens that go through the model at once; default: the configuration's, else the whole batch")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--adopt", action="store_true", help="use a checkpoint although configuration, seed, tokenizer or data have changed")
    args = parser.parse_args()
    if args.step in ("archive", "unpack") and not args.archive:
        parser.error(f"{args.step} needs --archive FILE")
    args.at = Places(args.work or WORK / args.config.stem)
    args.at.work.mkdir(parents=True, exist_ok=True)
    args.checkpoint = args.checkpoint or args.at.checkpoint
    args.config = json.loads(args.config.read_text(encoding="utf-8"))
    for step in ALL if args.step == "all" else (args.step,):
        STEPS[step](args)


if __name__ == "__main__":
    main()
