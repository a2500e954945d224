"""A small Llama: RMSNorm, grouped-query attention with rotary positions, SwiGLU, tied embeddings.

Llama (Touvron et al. 2023). Rotary pairs are (2i, 2i+1), the order that llama.cpp's "llama"
architecture uses in its files, so that export is a plain copy of the weights.
"""
from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F


@dataclass(frozen=True)
class Config:
    vocab: int = 6144
    width: int = 256
    layers: int = 6
    heads: int = 4
    kv_heads: int = 2
    hidden: int = 704
    context: int = 512
    rope_base: float = 10000.0
    eps: float = 1e-5

    @property
    def head_dim(self) -> int:
        return self.width // self.heads

    def as_dict(self) -> dict:
        return asdict(self)


class Norm(nn.Module):
    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.rms_norm(x.float(), (x.shape[-1],), self.weight, self.eps).to(x.dtype)


def rotary_table(cfg: Config) -> tuple[torch.Tensor, torch.Tensor]:
    """cos and sin, [context, head_dim / 2]."""
    inverse = cfg.rope_base ** (-torch.arange(0, cfg.head_dim, 2).float() / cfg.head_dim)
    angle = torch.outer(torch.arange(cfg.context).float(), inverse)
    return angle.cos(), angle.sin()


def rotate(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Rotate neighbouring pairs of the last axis; x is [batch, heads, time, head_dim]."""
    a, b = x.float().unflatten(-1, (-1, 2)).unbind(-1)
    return torch.stack((a * cos - b * sin, a * sin + b * cos), -1).flatten(-2).to(x.dtype)


class Block(nn.Module):
    def __init__(self, cfg: Config) -> None:
        super().__init__()
        self.cfg = cfg
        kv = cfg.kv_heads * cfg.head_dim
        self.attn_norm = Norm(cfg.width, cfg.eps)
        self.attn_q = nn.Linear(cfg.width, cfg.width, bias=False)
        self.attn_k = nn.Linear(cfg.width, kv, bias=False)
        self.attn_v = nn.Linear(cfg.width, kv, bias=False)
        self.attn_output = nn.Linear(cfg.width, cfg.width, bias=False)
        self.ffn_norm = Norm(cfg.width, cfg.eps)
        self.ffn_gate = nn.Linear(cfg.width, cfg.hidden, bias=False)
        self.ffn_up = nn.Linear(cfg.width, cfg.hidden, bias=False)
        self.ffn_down = nn.Linear(cfg.hidden, cfg.width, bias=False)

    def forward(self, x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
        h = self.attn_norm(x)
        split = lambda t: t.unflatten(-1, (-1, self.cfg.head_dim)).transpose(1, 2)  # noqa: E731
        q, k, v = rotate(split(self.attn_q(h)), cos, sin), rotate(split(self.attn_k(h)), cos, sin), split(self.attn_v(h))
        repeat = self.cfg.heads // self.cfg.kv_heads
        k, v = k.repeat_interleave(repeat, 1), v.repeat_interleave(repeat, 1)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.attn_output(mixed.transpose(1, 2).flatten(-2))
        h = self.ffn_norm(x)
        return x + self.ffn_down(F.silu(self.ffn_gate(h)) * self.ffn_up(h))


class Llama(nn.Module):
    def __init__(self, cfg: Config) -> None:
        super().__init__()
        self.cfg = cfg
        self.token_embd = nn.Embedding(cfg.vocab, cfg.width)
        self.blk = nn.ModuleList(Block(cfg) for _ in range(cfg.layers))
        self.output_norm = Norm(cfg.width, cfg.eps)
        cos, sin = rotary_table(cfg)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        for name, p in self.named_parameters():
            if p.ndim == 2:
                std = 0.02 if "token_embd" in name else 1 / math.sqrt(p.shape[1])
                if name.endswith(("attn_output.weight", "ffn_down.weight")):
                    std /= math.sqrt(2 * cfg.layers)
                nn.init.normal_(p, std=std)

    def forward(self, ids: torch.Tensor, targets: torch.Tensor | None = None) -> torch.Tensor:
        """Logits, or the mean loss when targets are given."""
        x = self.token_embd(ids)
        cos, sin = self.cos[: ids.shape[1]], self.sin[: ids.shape[1]]
        for block in self.blk:
            x = block(x, cos, sin)
        logits = F.linear(self.output_norm(x), self.token_embd.weight)
        if targets is None:
            return logits.float()
        return F.cross_entropy(logits.flatten(0, 1).float(), targets.flatten())
