"""The forward pass of a Llama in NumPy, float32: independent of the training code and of llama.cpp, and light enough for CI.

RMSNorm, grouped-query attention with rotary pairs (2i, 2i+1), SwiGLU, tied embeddings (Touvron et al. 2023).
"""
from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Shape:
    vocab: int
    width: int
    layers: int
    heads: int
    kv_heads: int
    hidden: int
    context: int
    rope_base: float
    eps: float

    def as_dict(self) -> dict:
        return asdict(self)


class Llama:
    """weights: the GGUF's names -> float32 arrays, matrices [out, in]."""

    def __init__(self, shape: Shape, weights: dict[str, Array]) -> None:
        self.shape, self.weights = shape, weights
        half = shape.width // shape.heads // 2
        angle = np.outer(np.arange(shape.context), shape.rope_base ** (-np.arange(half) / half))
        self.cos, self.sin = np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)

    def logits(self, ids: list[int]) -> Array:
        """[len(ids), vocab]: what follows each token."""
        x = self.weights["token_embd.weight"][ids]
        for layer in range(self.shape.layers):
            w = lambda name: self.weights[f"blk.{layer}.{name}.weight"]  # noqa: E731,B023
            h = self._norm(x, w("attn_norm"))
            x = x + self._attention(h @ w("attn_q").T, h @ w("attn_k").T, h @ w("attn_v").T) @ w("attn_output").T
            h = self._norm(x, w("ffn_norm"))
            gate = h @ w("ffn_gate").T
            x = x + (gate / (1 + np.exp(-gate)) * (h @ w("ffn_up").T)) @ w("ffn_down").T
        return self._norm(x, self.weights["output_norm.weight"]) @ self.weights["token_embd.weight"].T

    def logprobs(self, ids: list[int]) -> Array:
        """Natural log-probabilities [len(ids), vocab]."""
        logits = self.logits(ids)
        logits -= logits.max(-1, keepdims=True)
        return logits - np.log(np.exp(logits).sum(-1, keepdims=True))

    def _norm(self, x: Array, weight: Array) -> Array:
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + self.shape.eps) * weight

    def _attention(self, q: Array, k: Array, v: Array) -> Array:
        """Causal; q [T, heads · d], k and v [T, kv_heads · d] -> [T, heads · d]."""
        s, length = self.shape, len(q)
        d = s.width // s.heads
        split = lambda t, heads: t.reshape(length, heads, d).transpose(1, 0, 2)  # noqa: E731
        q, k, v = self._rotate(split(q, s.heads)), self._rotate(split(k, s.kv_heads)), split(v, s.kv_heads)
        k, v = (np.repeat(t, s.heads // s.kv_heads, 0) for t in (k, v))
        scores = q @ k.transpose(0, 2, 1) / np.float32(np.sqrt(d))
        scores[:, np.triu(np.ones((length, length), bool), 1)] = -np.inf
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = scores / scores.sum(-1, keepdims=True) @ v
        return mixed.transpose(1, 0, 2).reshape(length, s.width)

    def _rotate(self, x: Array) -> Array:
        cos, sin = self.cos[: x.shape[1]], self.sin[: x.shape[1]]
        out = np.empty_like(x)
        out[..., 0::2] = x[..., 0::2] * cos - x[..., 1::2] * sin
        out[..., 1::2] = x[..., 0::2] * sin + x[..., 1::2] * cos
        return out
