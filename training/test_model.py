"""python -m unittest test_model: the model that is trained, its first weights, and the forward pass that judges it; needs torch."""
from __future__ import annotations

import unittest

import numpy as np
import torch

from evaluate.llama import Llama as Judge
from evaluate.llama import Shape
from tiller_train.model import Config, Llama
from tiller_train.warm_start import merge_pieces


class Model(unittest.TestCase):
    def test_an_extended_vocabulary_cuts_known_text_as_before(self) -> None:
        scores = {c: -9.0 for c in "▁abcd"} | {"ab": -1.0, "▁ab": -2.0}
        self.assertEqual(merge_pieces("▁abc", scores), ["▁ab", "c"])
        self.assertEqual(merge_pieces("▁abc", scores | {"bc": -10.0, "▁abc": -11.0}), ["▁abc"])
        self.assertEqual(merge_pieces("é", scores), ["<0xC3>", "<0xA9>"])

    def test_model_is_causal(self) -> None:
        torch.manual_seed(0)
        model = Llama(Config(vocab=64, width=64, layers=2, heads=2, kv_heads=1, hidden=96, context=16))
        ids = torch.randint(0, 64, (1, 12))
        other = ids.clone()
        other[0, -1] = (other[0, -1] + 1) % 64
        torch.testing.assert_close(model(ids)[:, :-1], model(other)[:, :-1])

    def test_the_forward_pass_that_judges_agrees(self) -> None:
        torch.manual_seed(1)
        cfg = Config(vocab=64, width=64, layers=2, heads=4, kv_heads=2, hidden=96, context=16)
        model = Llama(cfg)
        judge = Judge(Shape(**cfg.as_dict()), {name: p.detach().numpy() for name, p in model.named_parameters()})
        ids = [3, 1, 4, 1, 5, 9, 2, 6]
        with torch.no_grad():
            np.testing.assert_allclose(judge.logits(ids), model(torch.tensor([ids]))[0].numpy(), atol=1e-4)


if __name__ == "__main__":
    unittest.main()
