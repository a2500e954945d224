"""A GGUF of this project as PyTorch model and SentencePiece tokenizer, with the weights as shipped (dequantised)."""
from __future__ import annotations

from pathlib import Path

import gguf
import sentencepiece as spm
import torch
from sentencepiece import sentencepiece_model_pb2 as pb

from tiller_train.model import Config, Llama
from tiller_train.tokenizer import Tokenizer
from tiller_train.warm_start import read_gguf


def load(path: Path) -> tuple[Llama, Tokenizer, dict]:
    """(model, tokenizer, facts about the file)."""
    fields = gguf.GGUFReader(str(path)).fields
    value = lambda key: fields[f"llama.{key}"].contents()  # noqa: E731
    cfg = Config(vocab=value("vocab_size"), width=value("embedding_length"), layers=value("block_count"), heads=value("attention.head_count"),
                 kv_heads=value("attention.head_count_kv"), hidden=value("feed_forward_length"), context=value("context_length"),
                 rope_base=value("rope.freq_base"), eps=value("attention.layer_norm_rms_epsilon"))
    model = Llama(cfg).eval()
    tensors, _, _ = read_gguf(path)
    model.load_state_dict(tensors)
    facts = {"file": path.name, "bytes": path.stat().st_size, "parameters": sum(p.numel() for p in model.parameters()), "config": cfg.as_dict(),
             "languages": fields["general.languages"].contents() if "general.languages" in fields else []}
    return model, _tokenizer(fields), facts


def _tokenizer(fields: dict) -> Tokenizer:
    proto = pb.ModelProto()
    proto.trainer_spec.model_type = pb.TrainerSpec.BPE
    proto.trainer_spec.byte_fallback = True
    proto.normalizer_spec.name = "identity"
    proto.normalizer_spec.add_dummy_prefix = False
    proto.normalizer_spec.remove_extra_whitespaces = False
    columns = [fields[f"tokenizer.ggml.{key}"].contents() for key in ("tokens", "scores", "token_type")]
    for piece, score, kind in zip(*columns):
        proto.pieces.add(piece=piece, score=score, type=int(kind))
    return Tokenizer(spm.SentencePieceProcessor(model_proto=proto.SerializeToString()))


@torch.no_grad()
def logprobs(model: Llama, ids: list[int]) -> torch.Tensor:
    """Log-probabilities [len(ids), vocab] of what follows each token."""
    return model(torch.tensor([ids])).log_softmax(-1)[0]
