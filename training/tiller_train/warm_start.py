"""Initial weights from an earlier GGUF of this project with another vocabulary and fewer layers.

An embedding is the old one of the same piece, else the mean of the old pieces that spell it
(as in Minixhofer et al. 2022, without their alignment). A layer that the old model lacks starts
with output projections of zero, so that it changes nothing at first.
"""
from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
import torch

from .model import Llama
from .tokenizer import Tokenizer


def merge_pieces(text: str, scores: dict[str, float]) -> list[str]:
    """BPE as llama.cpp does it: the best-scored neighbouring pair merges first; bytes for unknown characters."""
    parts = list(text)
    while True:
        pairs = [(scores[a + b], -i) for i, (a, b) in enumerate(zip(parts, parts[1:])) if a + b in scores]
        if not pairs:
            return [p for part in parts for p in ([part] if part in scores else [f"<0x{b:02X}>" for b in part.encode()])]
        at = -max(pairs)[1]
        parts[at : at + 2] = [parts[at] + parts[at + 1]]


def read_gguf(path: Path) -> tuple[dict[str, torch.Tensor], list[str], dict[str, float]]:
    """(tensors as float32, token texts, scores of mergeable pieces)."""
    reader = gguf.GGUFReader(str(path))
    tensors = {t.name: torch.from_numpy(np.array(gguf.quants.dequantize(t.data, t.tensor_type))) for t in reader.tensors}
    pieces = reader.fields["tokenizer.ggml.tokens"].contents()
    scores = reader.fields["tokenizer.ggml.scores"].contents()
    kinds = reader.fields["tokenizer.ggml.token_type"].contents()
    return tensors, pieces, {p: s for p, s, k in zip(pieces, scores, kinds) if k == gguf.TokenType.NORMAL}


@torch.no_grad()
def warm_start(model: Llama, path: Path, tokenizer: Tokenizer) -> dict[str, int]:
    """Fill the model; returns how many embeddings were kept, averaged and left random, and the new layers."""
    tensors, pieces, scores = read_gguf(path)
    index = {p: i for i, p in enumerate(pieces)}
    old = tensors.pop("token_embd.weight")
    own = dict(model.named_parameters())
    done = {"kept": 0, "averaged": 0, "random": 0}
    table = own["token_embd.weight"]
    for i in range(tokenizer.sp.get_piece_size()):
        piece = tokenizer.sp.id_to_piece(i)
        if piece in index:
            table[i] = old[index[piece]]
            done["kept"] += 1
            continue
        spelt = merge_pieces(piece, scores)
        if any(p.startswith("<0x") for p in spelt):  # a script that the old model never saw
            done["random"] += 1
        else:
            table[i] = old[[index[p] for p in spelt]].mean(0)
            done["averaged"] += 1
    for name, value in tensors.items():
        own[name].copy_(value)
    for name, p in own.items():
        if name.startswith("blk.") and name not in tensors and name.endswith(("attn_output.weight", "ffn_down.weight")):
            p.zero_()
    layers = len({n.split(".")[1] for n in tensors if n.startswith("blk.")})
    return done | {"new_layers": len(model.blk) - layers}
