"""python -m unittest test_train: the loop resumes exactly, micro-batches are one batch, and the large configuration trains and exports; needs torch."""
from __future__ import annotations

import json
import tempfile
import unittest
from argparse import Namespace
from pathlib import Path

import numpy as np
import sentencepiece as spm
import torch
from sentencepiece import sentencepiece_model_pb2 as pb

from evaluate.gguf_model import load
from run import Places, gguf
from tiller_train.common import BOS, EOS, ROOT, SPECIALS
from tiller_train.device import pick
from tiller_train.export import export
from tiller_train.model import Config, Llama
from tiller_train.streams import Mixture
from tiller_train.train import accumulate, train

TINY = Config(vocab=64, width=64, layers=2, heads=2, kv_heads=1, hidden=96, context=512)
PHASES = [{"until": 1.0, "rows": 4, "length": 16, "shares": {"a": 1.0}}]
CPU = torch.device("cpu")
LARGE = json.loads((ROOT / "configs" / "large.json").read_text(encoding="utf-8"))
MADE = {"configuration": "this", "seed": "1", "tokenizer": "t", "data": "d"}


def toy(folder: Path, vocab: int) -> Path:
    ids = np.random.default_rng(0).integers(2, vocab, 6000).astype(np.uint16)
    ids[::29] = 1
    folder.mkdir()
    for name, part in (("a.train", ids[:4000]), ("a.held", ids[4000:])):
        np.save(folder / f"{name}.npy", part)
    return folder


class Killed(Exception):
    pass


class Dying(Mixture):
    """A mixture at whose batch of step `at` the process is killed."""

    at = (-1, -1)

    def batch(self, run: int, step: int, progress: float) -> np.ndarray:
        if (run, step) == self.at:
            raise Killed
        return super().batch(run, step, progress)


class Loop(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.at = Path(folder.name)
        self.packed = toy(self.at / "packed", TINY.vocab)

    def train(self, work: Path, at: tuple[int, int] = (-1, -1), save_every: float = 1e9, **more) -> None:
        work.mkdir(exist_ok=True)
        mixture = Dying(self.packed, {"a": 100}, bos=1, seed=1)
        mixture.at, mixture.phases = at, PHASES
        for run in range(2):
            train(TINY, mixture, work, run=run, lr=0.01, warmup=4, decay=0.5, seed=1, threads=1, compiled=False, identity=MADE, steps=60,
                  save_every=save_every, val_every=20, **more)

    def log(self, work: Path) -> list[dict]:
        rows = [json.loads(line) for line in (work / "train.jsonl").read_text().splitlines()]
        return [{k: v for k, v in row.items() if k != "time"} for row in rows]

    def test_a_killed_and_resumed_training_is_the_uninterrupted_one(self) -> None:
        whole, broken = self.at / "whole", self.at / "broken"
        self.train(whole)
        for at, save_every in (((0, 33), 0), ((0, 58), 1e9), ((1, 30), 1e9), ((1, 45), 0)):
            with self.assertRaises(Killed):  # the second and third lose rows that were logged after the last checkpoint
                self.train(broken, at, save_every)
        self.train(broken)
        self.assertEqual(self.log(broken), self.log(whole))
        self.assertEqual(sum(row["step"] == 0 for row in self.log(broken)), 2)
        ours, theirs = (torch.load(work / "checkpoint.pt", weights_only=True)["model"] for work in (broken, whole))
        for name in ours:
            torch.testing.assert_close(ours[name], theirs[name], rtol=0, atol=0)

    def test_a_finished_checkpoint_of_something_else_is_not_gone_on_from(self) -> None:
        work = self.at / "work"
        self.train(work)
        mixture = Mixture(self.packed, {"a": 100}, bos=1, seed=1)
        with self.assertRaisesRegex(SystemExit, "another configuration"):
            train(TINY, mixture, work, run=0, lr=0.01, warmup=4, decay=0.5, seed=1, threads=1, identity=MADE | {"configuration": "other"}, steps=60)
        args = Namespace(config=LARGE, seed=1, at=Places(work), checkpoint=work / "checkpoint.pt", adopt=False)
        with self.assertRaisesRegex(SystemExit, "another configuration and another tokenizer"):
            gguf(args, self.at / "large.gguf", f32=False)
        self.assertFalse((self.at / "large.gguf").exists())

    def test_a_training_that_begins_anew_begins_its_log_anew(self) -> None:
        work = self.at / "work"
        self.train(work)
        (work / "checkpoint.pt").unlink()
        self.train(work)
        self.assertEqual(sum(row["step"] == 0 for row in self.log(work)), 2)
        self.assertTrue((work / "train.old.jsonl").exists())


class Micro(unittest.TestCase):
    def gradients(self, micro: int | None, dtype: torch.dtype) -> tuple[float, list[torch.Tensor]]:
        torch.manual_seed(2)
        model = Llama(TINY)
        batch = torch.randint(0, TINY.vocab, (5, 17), generator=torch.Generator().manual_seed(3))
        loss = accumulate(model, batch, micro, CPU, dtype)
        return float(loss), [p.grad for p in model.parameters()]

    def test_micro_batches_have_the_gradients_of_one_batch(self) -> None:
        for dtype, tolerance in ((torch.float32, 1e-5), (torch.bfloat16, 0.02)):
            loss, whole = self.gradients(None, dtype)
            for micro in (1, 32, 48):  # 1, 2 and 3 rows of 16: also parts of unequal size
                other, parts = self.gradients(micro, dtype)
                self.assertAlmostEqual(loss, other, delta=tolerance)
                for a, b in zip(whole, parts):
                    self.assertLess(float((a - b).norm()), tolerance * float(a.norm()) + 1e-8)


class Device(unittest.TestCase):
    def test_auto_takes_what_is_there(self) -> None:
        self.assertEqual(pick("cpu").type, "cpu")
        if not torch.cuda.is_available():
            self.assertEqual(pick("auto").type, "cpu")
            with self.assertRaisesRegex(SystemExit, "no CUDA device"):
                pick("cuda")


def pieces(vocab: int) -> spm.SentencePieceProcessor:
    """A tokenizer of the right size, made up, with pieces about as long as real ones."""
    proto = pb.ModelProto()
    proto.trainer_spec.model_type, proto.trainer_spec.byte_fallback = pb.TrainerSpec.BPE, True
    kind = pb.ModelProto.SentencePiece
    rows = [("<unk>", kind.UNKNOWN), *((t, kind.CONTROL) for t in (BOS, EOS, *SPECIALS)), *((f"<0x{b:02X}>", kind.BYTE) for b in range(256))]
    for i, (piece, type_) in enumerate([*rows, *((f"▁wort{i}", kind.NORMAL) for i in range(vocab - len(rows)))]):
        proto.pieces.add(piece=piece, score=-float(i), type=type_)
    return spm.SentencePieceProcessor(model_proto=proto.SerializeToString())


class Large(unittest.TestCase):
    def test_the_large_configuration_trains_and_exports(self) -> None:
        cfg = Config(vocab=LARGE["tokenizer"]["vocab"], **LARGE["model"])
        with tempfile.TemporaryDirectory() as folder:
            at = Path(folder)
            mixture = Mixture(toy(at / "packed", cfg.vocab), {"a": 100}, bos=1, seed=1)
            mixture.phases = [{"until": 1.0, "rows": 4, "length": 16, "shares": {"a": 1.0}}]
            train(cfg, mixture, at, run=0, lr=LARGE["runs"][0]["lr"], warmup=2, decay=0.5, seed=1, threads=1, micro=32, compiled=False, steps=2)
            (at / "tokenizer.model").write_bytes(pieces(cfg.vocab).serialized_model_proto())
            export(at / "checkpoint.pt", at / "tokenizer.model", at / "large.gguf", LARGE)
            self.assertLess((at / "large.gguf").stat().st_size, 40e6)
            saved = torch.load(at / "checkpoint.pt", weights_only=True)
            self.assertEqual((saved["step"], saved["tokens"]), (2, 128))
            judge, _, facts = load(at / "large.gguf")
            self.assertEqual(facts["languages"], LARGE["languages"])
            model = Llama(cfg)
            model.load_state_dict(saved["model"])
            ids = [1, 300, 4000, 16000]
            with torch.no_grad():
                ours = model(torch.tensor([ids]))[0].numpy()
        self.assertLess(np.abs(judge.logits(ids) - ours).max(), 0.05)


if __name__ == "__main__":
    unittest.main()
