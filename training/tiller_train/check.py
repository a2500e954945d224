"""Does llama.cpp see the model that was trained? Token ids, chat template, F32 log-probabilities."""
from __future__ import annotations

import json
import subprocess
from pathlib import Path

import torch

from .common import ROOT, LANGS, read_docs, render
from .model import Config, Llama
from .tokenizer import Tokenizer

ODD = ["  two  spaces\tand a tab\nand lines\n\n", "日本語 и русский 🙂", "L'été, ça va ? « Oui ! »", "¿Qué tal? ¡Bien!", "Grüße, 1234 + 5 = 1239.", ""]
TOLERANCE = 1e-3


def check(checkpoint: Path, tokenizer_path: Path, f32: Path, staged: Path, lines: int = 100) -> None:
    """Raises AssertionError with what differs."""
    tokenizer = Tokenizer(tokenizer_path)
    texts = list(ODD)
    for lang in LANGS:
        for kind in ("sentences", "behave"):
            path = staged / f"{kind}.{lang}.held.jsonl"
            docs = list(read_docs(path)) if path.exists() else []
            texts += [line for doc in docs for line in doc.split("\n")][:lines]
    chats = [doc for path in sorted(staged.glob("behave.*.held.jsonl")) for doc in list(read_docs(path))[:8]]
    prompts = [tokenizer.document(doc)[:100] for doc in chats]
    work = f32.parent
    (work / "cases.json").write_text(json.dumps({"texts": texts, "prompts": prompts}))
    subprocess.run(["node", str(ROOT / "check.mjs"), str(f32), str(work / "cases.json"), str(work / "seen.json")], check=True)
    seen = json.loads((work / "seen.json").read_text())

    wrong = [t for t, ids in zip(texts, seen["tokens"]) if ids != tokenizer.encode(t)]
    assert not wrong, f"{len(wrong)} of {len(texts)} texts tokenise differently, first: {wrong[0]!r}"
    lost = [t for t, back in zip(texts, seen["detokenized"]) if back != t]
    assert not lost, f"{len(lost)} texts do not survive, first: {lost[0]!r}"
    asked = render((("system", "Answer joyfully."), ("user", "Tell me about the dog.")))
    expected = [tokenizer.special["<s>"], *tokenizer.encode(asked), tokenizer.special["<|assistant|>"]]
    assert seen["rendered"] == expected, f"chat template renders {seen['rendered']}, expected {expected}"
    assert seen["end"] and seen["addBos"], "end-of-generation or begin-of-sequence token is not recognised"
    worst = _worst(checkpoint, prompts, seen["logprobs"])
    assert worst <= TOLERANCE, f"log-probabilities differ by {worst}"
    print(f"{len(texts)} texts tokenise alike; chat wrapper {seen['wrapper']}; "
          f"{len(prompts)} prompts x {len(seen['logprobs'][0])} log-probabilities within {worst:.1e}")


@torch.no_grad()
def _worst(checkpoint: Path, prompts: list[list[int]], logprobs: list[dict[str, float]]) -> float:
    saved = torch.load(checkpoint, weights_only=True, map_location="cpu")
    model = Llama(Config(**saved["config"]))
    model.load_state_dict(saved["model"])
    worst = 0.0
    for prompt, theirs in zip(prompts, logprobs):
        ours = model(torch.tensor([prompt]))[0, -1].log_softmax(-1)
        worst = max(worst, *(abs(float(ours[int(i)]) - p) for i, p in theirs.items() if p > -20))
    return worst
