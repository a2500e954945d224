"""python -m unittest: packs are parallel, splits are disjoint, generators repeat; needs requirements-evaluate.txt only."""
from __future__ import annotations

import re
import tempfile
import unittest
from pathlib import Path

import numpy as np

from tiller_train.behaviours.conversation import Conversation
from tiller_train.behaviours.clarify import Clarify
from tiller_train.behaviours.copying import Copying
from tiller_train.behaviours.compact import TOPICS, Compact
from tiller_train.behaviours.facts import Facts
from tiller_train.behaviours.judge import ASPECTS, HELD as HELD_WORDINGS, Judge
from tiller_train.behaviours.nouns import HELD, nouns
from tiller_train.behaviours.packs import DATA, FEELINGS, HELD_TOPICS, PACKS, SLOTS, Pools
from tiller_train.common import LANGS, render, seeded
from tiller_train.streams import Mixture
from run import ends
from evaluate.likelihood import auroc

COUNTRIES = [{"iso": str(i), "capital_en": f"City {i}", **{k: {c: f"{k}{i}" for c in LANGS} for k in ("names", "continent", "currency", "language")}}
             for i in range(60)]


def conversations(split: str, lang: str, count: int) -> list[str]:
    talk = Conversation(seeded("test", split, lang), Pools(split, COUNTRIES), lang)
    return [render(talk.make()) for _ in range(count)]


class Packs(unittest.TestCase):
    def test_parallel(self) -> None:
        en = PACKS["en"]
        for lang, pack in PACKS.items():
            self.assertEqual(list(pack.TOPICS), list(en.TOPICS), lang)
            for name in ("TALK", "HEROES", "COLOURS", "OPPOSITES", "NUMBERS"):
                self.assertEqual(len(getattr(pack, name)), len(getattr(en, name)), f"{lang} {name}")
            for feeling in FEELINGS:
                self.assertEqual(len(pack.SCENARIOS[feeling]), len(en.SCENARIOS[feeling]), f"{lang} {feeling}")

    def test_forms_and_slots(self) -> None:
        for lang, pack in PACKS.items():
            for forms, facts in pack.TOPICS.values():
                self.assertEqual((len(forms), len(facts)), (len(SLOTS[lang]), 4))
        for lang in PACKS:
            for doc in conversations("train", lang, 2000):
                self.assertIsNone(re.search(r"[{}\[\]]|\|(?!>)(?<!<\|)", re.sub(r"<\|\w+\|>", "", doc)), doc)


class Splits(unittest.TestCase):
    def test_held_subjects_are_never_trained_on(self) -> None:
        for lang in PACKS:
            text = "\n".join(conversations("train", lang, 3000))
            ask = PACKS[lang].ASK[0]
            pools = Pools("held", COUNTRIES)
            for subject in [*HELD_TOPICS, *range(len(nouns(lang)) - HELD, len(nouns(lang)))]:
                self.assertNotIn(ask.format(**pools.slots(lang, subject)), text)

    def test_seeded(self) -> None:
        self.assertEqual(conversations("train", "fr", 50), conversations("train", "fr", 50))


def writers(lang: str, split: str) -> tuple[Judge, Facts, Clarify]:
    rng = seeded("writers", lang, split)
    talk = Conversation(rng, Pools(split, COUNTRIES), lang)
    return Judge(rng, talk, lang, split), Facts(rng, talk.pools, lang), Clarify(rng, talk, lang)


class Written(unittest.TestCase):
    def test_tables_have_one_shape(self) -> None:
        self.assertEqual(set(DATA), set(LANGS))
        for lang, table in DATA.items():
            if lang in PACKS:
                for aspect in ASPECTS:
                    self.assertEqual(len(table["judge"][aspect]), len(DATA["en"]["judge"][aspect]), f"{lang} {aspect}")
                self.assertEqual(len(table["clarify"]["pairs"]), len(DATA["en"]["clarify"]["pairs"]), lang)
                continue
            self.assertEqual(set(table["tones"]), set(FEELINGS), lang)
            self.assertEqual(len(table["topics"]), len(TOPICS), lang)
            for feeling, rows in table["tones"].items():
                self.assertEqual({k: len(v) for k, v in rows.items()}, {"system": 2, "scenarios": 5, "reply": 4}, f"{lang} {feeling}")

    def test_answers_to_questions_about_a_reply_are_balanced(self) -> None:
        for lang in PACKS:
            judge = writers(lang, "train")[0]
            said = [text for _ in range(2000) for role, text in judge.document()[2:] if text in (DATA[lang]["judge"]["yes"], "Yes.")]
            denied = [text for _ in range(2000) for role, text in judge.document()[2:] if text in (DATA[lang]["judge"]["no"], "No.")]
            self.assertAlmostEqual(len(said) / (len(said) + len(denied)), 0.5, delta=0.05, msg=lang)

    def test_held_out_wordings_are_never_trained_on(self) -> None:
        for lang in PACKS:
            judge, _, clarify = writers(lang, "train")
            text = "\n".join(render(judge.document()) for _ in range(2000)) + "\n".join(render(clarify.document()) for _ in range(500))
            for aspect in ASPECTS:
                for wording in DATA[lang]["judge"][aspect][-HELD_WORDINGS:]:
                    self.assertNotIn(wording, text)
            for unclear, *_ in DATA[lang]["clarify"]["pairs"][-3:]:
                self.assertNotIn(unclear, text)

    def test_the_answer_stands_in_the_text(self) -> None:
        for lang in PACKS:
            facts = writers(lang, "held")[1]
            for kind in ("people", "conflict", "repeat"):
                for _ in range(300):
                    turns, answer = facts.item(kind)
                    self.assertIn(answer, " ".join(text for _, text in turns), f"{lang} {kind}")

    def test_what_is_copied_stands_before(self) -> None:
        lines = ["Tom is in the garden today.", "Nobody knows where the old key lies."]
        for lang in LANGS:
            copying = Copying(seeded("copying", lang), lang, lines)
            for _ in range(300):
                turns = copying.lookup()
                for i, (role, text) in enumerate(turns):
                    if role == "assistant":
                        self.assertIn(text[:-1].split(" ")[-1], turns[0][1])
                        self.assertIn(turns[i - 1][1].split(" ")[-1][:-1], turns[0][1])
                for (_, asked), (_, said) in zip(*[iter(copying.repeat())] * 2):
                    self.assertIn(said, asked)

    def test_compact_conversations_in_every_language(self) -> None:
        for lang in LANGS:
            compact = Compact(seeded("compact", lang), lang, list(LANGS), held=False)
            for _ in range(500):
                doc = render(compact.document())
                self.assertIsNone(re.search(r"[{}]", doc), doc)
                self.assertNotIn("<|end|><|end|>", doc)


class Parts(unittest.TestCase):
    def test_area_under_the_curve(self) -> None:
        self.assertEqual(auroc([0.1, 0.2, 0.8, 0.9], [False, False, True, True]), 1.0)
        self.assertEqual(auroc([0.5, 0.5], [True, False]), 0.5)
        self.assertEqual(auroc([3.0, 2.0, 1.0], [False, True, False]), 0.5)

    def test_only_the_last_run_ends_as_the_command_line_says(self) -> None:
        run = {"steps": 10}
        self.assertEqual([ends(run, last, 5, None)["steps"] for last in (False, True)], [10, 5])
        self.assertEqual(ends(run, True, None, 99.0), {"steps": None, "deadline": 99.0})
        self.assertEqual([ends(run, *x) for x in ((False, None, 99.0), (True, None, None))], [{"steps": 10}] * 2)

    def test_mixture_resumes(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            ids = np.array([1, *range(10, 40)] * 50, dtype=np.uint16)
            np.save(Path(folder) / "a.train.npy", ids)
            one, two = (Mixture(Path(folder), {}, bos=1, seed=0) for _ in range(2))
            one.phases = two.phases = [{"until": 1, "rows": 4, "length": 16, "shares": {"a": 1.0}}]
            for step in range(3):
                one.batch(0, step, 0.0)
            two.load(one.state())
            np.testing.assert_array_equal(one.batch(0, 3, 0.0), two.batch(0, 3, 0.0))
