"""A GGUF of this project as NumPy model and SentencePiece tokenizer, with the weights as shipped (dequantised)."""
from __future__ import annotations

import hashlib
from pathlib import Path

import gguf
import numpy as np
import sentencepiece as spm
from sentencepiece import sentencepiece_model_pb2 as pb

from tiller_train.tokenizer import Tokenizer

from .llama import Llama, Shape


def load(path: Path) -> tuple[Llama, Tokenizer, dict]:
    """(model, tokenizer, facts about the file)."""
    reader = gguf.GGUFReader(str(path))
    fields = reader.fields
    value = lambda key: fields[f"llama.{key}"].contents()  # noqa: E731
    shape = Shape(vocab=value("vocab_size"), width=value("embedding_length"), layers=value("block_count"), heads=value("attention.head_count"),
                  kv_heads=value("attention.head_count_kv"), hidden=value("feed_forward_length"), context=value("context_length"),
                  rope_base=value("rope.freq_base"), eps=value("attention.layer_norm_rms_epsilon"))
    weights = {t.name: np.array(gguf.quants.dequantize(t.data, t.tensor_type), dtype=np.float32) for t in reader.tensors}
    facts = {"file": path.name, "bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
             "parameters": sum(w.size for w in weights.values()), "config": shape.as_dict(), "languages": fields["general.languages"].contents() if "general.languages" in fields else []}
    return Llama(shape, weights), _tokenizer(fields), facts


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
