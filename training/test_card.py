"""python -m unittest test_card: the shipped model's card says what its figures say, and the figures come out again on a small slice.

Needs requirements-evaluate.txt, Node with the project's packages, and for the slice the data folder (TILLER_SHARED/data, ../../shared/data).
"""
from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from statistics import mean

from evaluate.__main__ import SMALL, measure
from evaluate.card import fill
from evaluate.gguf_model import load
from tiller_train.common import ROOT, WORK

NAME = "tiller-mini"
MODEL = ROOT.parent / "presets" / f"{NAME}.gguf"
CARDS = ROOT / "cards"
FIGURES = json.loads((CARDS / f"{NAME}.figures.json").read_text(encoding="utf-8"))
DATA = Path(os.environ.get("TILLER_SHARED", ROOT.parents[1] / "shared")) / "data"
EXACT = 0.004  # figures are rounded to three places
SAMPLED = 0.12  # of means: another machine's rounding may lead some samples elsewhere


class Card(unittest.TestCase):
    def test_every_number_comes_from_the_figures(self) -> None:
        log = [json.loads(line) for line in (CARDS / f"{NAME}.train.jsonl").read_text(encoding="utf-8").splitlines()]
        made = fill((CARDS / f"{NAME}.md").read_text(encoding="utf-8"), FIGURES, log)
        self.assertEqual(made, MODEL.with_suffix(".md").read_text(encoding="utf-8"))

    def test_figures_are_of_the_shipped_file(self) -> None:
        _, _, facts = load(MODEL)
        for key in ("file", "bytes", "sha256", "parameters", "config", "languages"):
            self.assertEqual(FIGURES["model"][key], facts[key], key)


class Forward(unittest.TestCase):
    def test_numpy_agrees_with_llama_cpp(self) -> None:
        """Within what Q8_0 costs: llama.cpp also rounds activations to 8 bits."""
        model, tokenizer, _ = load(MODEL)
        texts = ["Once upon a time there was a little dog.", "Es war einmal ein kleiner Hund.", "Il était une fois un petit chien."]
        prompts = [[1, *tokenizer.encode(text)] for text in texts]
        with tempfile.TemporaryDirectory() as folder:
            cases, seen = Path(folder) / "cases.json", Path(folder) / "seen.json"
            cases.write_text(json.dumps({"texts": texts, "prompts": prompts}))
            subprocess.run(["node", str(ROOT / "check.mjs"), str(MODEL), str(cases), str(seen)], check=True)
            theirs = json.loads(seen.read_text())
        self.assertEqual(theirs["tokens"], [tokenizer.encode(text) for text in texts])
        for prompt, logprobs in zip(prompts, theirs["logprobs"]):
            ours = model.logprobs(prompt)[-1]
            differences = [abs(float(ours[int(i)]) - p) for i, p in logprobs.items() if p > -6]
            self.assertGreater(len(differences), 3)
            self.assertLess(max(differences), 0.3)
            self.assertLess(mean(differences), 0.08)


@unittest.skipUnless(DATA.is_dir(), "the slice of the card's figures needs the shared data: set TILLER_SHARED to its folder")
class Slice(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        staged = WORK / "mini" / "staged"
        if not (staged / "sentences.en.held.jsonl").exists():
            subprocess.run([sys.executable, "run.py", "stage", "--data", str(DATA)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        cls.now = measure(MODEL, DATA, staged, SMALL)

    def compare(self, now: dict, then: dict, keys: tuple[str, ...], delta: float, where: str) -> None:
        self.assertEqual(now.keys(), then.keys(), where)
        for key in now:
            if isinstance(now[key], dict):
                self.compare(now[key], then[key], keys, delta, f"{where}.{key}")
            elif key in keys:
                self.assertAlmostEqual(now[key], then[key], delta=delta, msg=f"{where}.{key}")

    def test_bits_per_byte(self) -> None:
        self.compare(self.now["bits_per_byte"], FIGURES["small"]["bits_per_byte"], ("bits_per_byte", "bytes_per_token", "bytes", "n"), EXACT, "bits")

    def test_self_assessment(self) -> None:
        self.compare(self.now["self_assessment"], FIGURES["small"]["self_assessment"], ("auroc", "accuracy", "n"), EXACT, "self-assessment")

    def test_continuations(self) -> None:
        self.assertEqual(self.now["continuations"].keys(), FIGURES["small"]["continuations"].keys())
        for key in ("stays", "distinct_1", "distinct_2", "repeated_4"):
            now, then = (mean(row[key] for row in figures["continuations"].values()) for figures in (self.now, FIGURES["small"]))
            self.assertAlmostEqual(now, then, delta=SAMPLED, msg=key)

    def test_own_replies(self) -> None:
        self.assertEqual(self.now["own_replies"].keys(), FIGURES["small"]["own_replies"].keys())
        now, then = (mean(row["accuracy"] for row in figures["own_replies"].values()) for figures in (self.now, FIGURES["small"]))
        self.assertAlmostEqual(now, then, delta=SAMPLED)

    def test_instructions(self) -> None:
        self.assertEqual(self.now["instructions"].keys(), FIGURES["small"]["instructions"].keys())
        now, then = (mean(row["obeyed"] / row["n"] for row in figures["instructions"].values()) for figures in (self.now, FIGURES["small"]))
        self.assertAlmostEqual(now, then, delta=SAMPLED)


if __name__ == "__main__":
    unittest.main()
