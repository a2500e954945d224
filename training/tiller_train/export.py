"""Checkpoint and tokenizer to one GGUF file that llama.cpp loads as architecture "llama".

GGUF: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, written with gguf-py.
"""
from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType as Q

from .common import CHAT_TEMPLATE, END
from .model import Config
from .tokenizer import Tokenizer


def export(checkpoint: Path, tokenizer: Path, out: Path, about: dict, f32: bool = False) -> None:
    """`about` is the configuration: its name, description and languages go into the file."""
    saved = torch.load(checkpoint, weights_only=True, map_location="cpu")
    cfg = Config(**saved["config"])
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_suffix(".partial")
    writer = gguf.GGUFWriter(str(partial), "llama")
    writer.add_name(about["name"])
    writer.add_description(about["about"])
    writer.add_license("MIT")
    writer.add_languages(about["languages"])
    writer.add_file_type(gguf.LlamaFileType.ALL_F32 if f32 else gguf.LlamaFileType.MOSTLY_Q8_0)
    _shape(writer, cfg)
    _vocabulary(writer, Tokenizer(tokenizer))
    for name, tensor in saved["model"].items():
        array = np.ascontiguousarray(tensor.float().numpy())
        if f32 or array.ndim == 1:
            writer.add_tensor(name, array)
        else:
            writer.add_tensor(name, gguf.quants.quantize(array, Q.Q8_0), raw_dtype=Q.Q8_0)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    partial.replace(out)
    print(f"{out.name}: step {saved['step']}, {out.stat().st_size / 1e6:.2f} MB")


def _shape(writer: gguf.GGUFWriter, cfg: Config) -> None:
    writer.add_vocab_size(cfg.vocab)
    writer.add_context_length(cfg.context)
    writer.add_embedding_length(cfg.width)
    writer.add_block_count(cfg.layers)
    writer.add_feed_forward_length(cfg.hidden)
    writer.add_head_count(cfg.heads)
    writer.add_head_count_kv(cfg.kv_heads)
    writer.add_layer_norm_rms_eps(cfg.eps)
    writer.add_rope_dimension_count(cfg.head_dim)
    writer.add_rope_freq_base(cfg.rope_base)


def _vocabulary(writer: gguf.GGUFWriter, tokenizer: Tokenizer) -> None:
    sp = tokenizer.sp
    kinds = []
    for i in range(sp.get_piece_size()):
        kind = gguf.TokenType.NORMAL
        if sp.is_unknown(i):
            kind = gguf.TokenType.UNKNOWN
        elif sp.is_control(i):
            kind = gguf.TokenType.CONTROL
        elif sp.is_byte(i):
            kind = gguf.TokenType.BYTE
        kinds.append(kind)
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([sp.id_to_piece(i) for i in range(sp.get_piece_size())])
    writer.add_token_scores([sp.get_score(i) for i in range(sp.get_piece_size())])
    writer.add_token_types(kinds)
    writer.add_bos_token_id(sp.bos_id())
    writer.add_eos_token_id(sp.eos_id())
    writer.add_eot_token_id(tokenizer.special[END])
    writer.add_unk_token_id(sp.unk_id())
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(CHAT_TEMPLATE)
