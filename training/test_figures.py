"""python -m unittest test_figures: how the figures of a card are counted and shown; needs requirements-evaluate.txt only."""
from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

from evaluate import tables
from evaluate.__main__ import _held
from evaluate.continuations import distinct, prompts
from evaluate.curves import after_runs, mixed, runs
from evaluate.emotion import Emotion, phrases, said
from evaluate.own_replies import label
from evaluate.text import asks, cut, units, wilson
from tiller_train.behaviours.packs import DATA, PACKS
from tiller_train.common import LANGS, write_docs


class Counted(unittest.TestCase):
    def test_chinese_and_japanese_are_counted_in_characters(self) -> None:
        self.assertEqual(units("狗在花园里跑。", "zh"), list("狗在花园里跑"))
        self.assertEqual(units("The dog runs.", "en"), ["the", "dog", "runs."])
        text = "狗在花园里跑。" * 12
        self.assertEqual([cut(text, lang) for lang in ("zh", "ja", "en")], [40, 40, -1])
        self.assertEqual(distinct([units("狗狗跑跑", "zh")], 1), 0.5)
        self.assertTrue(asks("你好吗？") and asks("Why?") and not asks("So."))

    def test_a_prompt_ends_at_a_space_and_something_follows_it(self) -> None:
        docs = [("word " * 40).strip(), "short", "x" * 500, "a" * 79 + " " + "b" * 10]
        self.assertEqual([cut(doc, "en") for doc in docs], [84, -1, -1, -1])
        self.assertEqual(len(prompts(docs, "en", 9)), 1)

    def test_every_language_has_a_classifier_that_knows_its_own_tables(self) -> None:
        for lang in LANGS:
            emotion, rows = Emotion(lang), PACKS[lang].REPLY if lang in PACKS else {f: t["reply"] for f, t in DATA[lang]["tones"].items()}
            right = [emotion.classify(text) == feeling for feeling, texts in rows.items() for text in texts]
            self.assertGreater(sum(right) / len(right), 0.9, lang)
            for style in ("polite", "rude"):
                self.assertTrue(all(said(f"So. {row}", [row]) for row in phrases(lang, style)), lang)

    def test_labels_of_the_models_own_replies_follow_rules(self) -> None:
        for lang in PACKS:
            emotion, table = Emotion(lang), DATA[lang]["address"]
            for text in table["leak"]:
                self.assertIs(label("address", text.format(p="Eva", n=12, s="Park", c="Oslo"), lang, emotion), True, text)
            for text in table["keep"]:
                self.assertIs(label("address", text.format(p="Eva", n=12, s="Park", c="Oslo"), lang, emotion), False, text)
            self.assertEqual([label("brief", "so " * n, lang, emotion) for n in (6, 10, 18)], [True, None, False])
            for style, polite in (("polite", True), ("rude", False)):
                self.assertIs(label("polite", phrases(lang, style)[0], lang, emotion), polite)

    def test_held_out_documents_come_in_a_seeded_order_of_all_sets(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            write_docs(Path(folder) / "sentences.en.held.jsonl", [f"{name} {i}" for name in ("tatoeba", "voice") for i in range(100)])
            first = _held(Path(folder), "sentences", "en")[:40]
            self.assertEqual(first, _held(Path(folder), "sentences", "en")[:40])
        self.assertGreater(sum(doc.startswith("voice") for doc in first), 10)

    def test_interval_of_a_share(self) -> None:
        for (k, n), (low, high) in {(0, 40): (0.0, 0.088), (40, 40): (0.912, 1.0), (20, 40): (0.352, 0.648)}.items():
            self.assertAlmostEqual(wilson(k, n)[0], low, delta=0.001)
            self.assertAlmostEqual(wilson(k, n)[1], high, delta=0.001)


class Shown(unittest.TestCase):
    def test_small_cells_are_marked(self) -> None:
        row = {"obeyed": 12, "n": 13, "by_language": {"en": [9, 10], "it": [3, 3]}, "base": [1, 10]}
        made = tables.obeyed({"languages": ["en", "it", "pt"], "instructions": {"brief": row}})
        self.assertIn("| **0.92** (12/13; 0.67–0.99) | 0.10 (1/10) | 9/10 | (3/3) | – | at most", made)
        cells = {"en": {"n": 40, "bytes": 15_200, "bits_per_byte": 1.5, "bytes_per_token": 3.2}, "de": {"n": 1, "bytes": 448, "bits_per_byte": 1.6, "bytes_per_token": 3}}
        self.assertIn("| en | 1.50 (40, 15 kB) |", tables.bits({"languages": ["en"], "bits_per_byte": {"sentences": cells}}))
        self.assertIn("| de | – (1, 0.4 kB) |", tables.bits({"languages": ["de"], "bits_per_byte": {"sentences": cells}}))

    def test_tables_of_the_log(self) -> None:
        log = [{"step": 0, "held": {"sentences.en": 5.0}}, {"step": 25, "loss": 4.0}, {"step": 25, "held": {"sentences.en": 4.0}, "tokens": 10},
               {"step": 0, "held": {"sentences.en": 4.0}}, {"step": 25, "held": {"sentences.en": 3.0}, "passes": {"sentences.en": 0.5, "sentences.de": 1.5, "guide.en": 0.0}}]
        self.assertEqual(len(runs(log)), 2)
        self.assertIn("| run 2 | 3.000 |", after_runs(log, ["en"]))
        self.assertIn("| 3.00 | 2.50 | 0.50 to 1.50 |", mixed(log, {"sentences.en": 2_000_000, "sentences.de": 1_000_000, "guide.en": 7}))
        self.assertNotIn("opensource", mixed(log, {"sentences.en": 2_000_000, "guide.en": 7}))


if __name__ == "__main__":
    unittest.main()
