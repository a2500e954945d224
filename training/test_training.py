"""python -m unittest: packs are parallel, splits are disjoint, generators repeat, template and model agree."""
from __future__ import annotations

import re
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

from tiller_train.behaviours.conversation import Conversation
from tiller_train.behaviours.nouns import HELD, nouns
from tiller_train.behaviours.packs import FEELINGS, HELD_TOPICS, PACKS, SLOTS, Pools
from tiller_train.common import LANGS, render, seeded
from tiller_train.model import Config, Llama
from tiller_train.streams import Mixture

COUNTRIES = [{"iso": str(i), **{k: {c: f"{k}{i}" for c in LANGS} for k in ("names", "continent", "currency", "language")}}
             for i in range(20)]


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
        for lang in LANGS:
            for doc in conversations("train", lang, 2000):
                self.assertIsNone(re.search(r"[{}\[\]]|\|(?!>)(?<!<\|)", re.sub(r"<\|\w+\|>", "", doc)), doc)


class Splits(unittest.TestCase):
    def test_held_subjects_are_never_trained_on(self) -> None:
        for lang in LANGS:
            text = "\n".join(conversations("train", lang, 3000))
            ask = PACKS[lang].ASK[0]
            pools = Pools("held", COUNTRIES)
            for subject in [*HELD_TOPICS, *range(len(nouns(lang)) - HELD, len(nouns(lang)))]:
                self.assertNotIn(ask.format(**pools.slots(lang, subject)), text)

    def test_seeded(self) -> None:
        self.assertEqual(conversations("train", "fr", 50), conversations("train", "fr", 50))


class Parts(unittest.TestCase):
    def test_mixture_resumes(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            ids = np.array([1, *range(10, 40)] * 50, dtype=np.uint16)
            np.save(Path(folder) / "a.train.npy", ids)
            make = lambda: Mixture(Path(folder), [{"until": 1, "rows": 4, "shares": {"a": 1.0}}], {}, bos=1, seed=0)  # noqa: E731
            one, two = make(), make()
            for step in range(3):
                one.batch(step, 0.0, 17)
            two.load(one.state())
            np.testing.assert_array_equal(one.batch(3, 0.0, 17), two.batch(3, 0.0, 17))

    def test_model_is_causal(self) -> None:
        torch.manual_seed(0)
        model = Llama(Config(vocab=64, width=64, layers=2, heads=2, kv_heads=1, hidden=96, context=16))
        ids = torch.randint(0, 64, (1, 12))
        other = ids.clone()
        other[0, -1] = (other[0, -1] + 1) % 64
        torch.testing.assert_close(model(ids)[:, :-1], model(other)[:, :-1])


if __name__ == "__main__":
    unittest.main()
