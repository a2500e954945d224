"""Where training runs. The first weights and the batches are the same on every device; sums are not, in their last bits.

On CUDA, deterministic kernels are asked for, and PyTorch warns where an operation has none. Compiled kernels, another card,
another version of PyTorch or other micro-batches also round otherwise, so a CUDA run is repeatable at most on one set-up.
"""
from __future__ import annotations

import os

import torch


def pick(name: str = "auto") -> torch.device:
    there = torch.cuda.is_available()
    if name == "cuda" and not there:
        raise SystemExit("--device cuda: PyTorch sees no CUDA device here (a CPU-only PyTorch, or no driver)")
    device = torch.device("cuda" if there and name != "cpu" else "cpu")
    if device.type == "cuda":
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # before cuBLAS starts, else its sums may vary
        torch.use_deterministic_algorithms(True, warn_only=True)
        torch.set_float32_matmul_precision("high")  # TF32 for what autocast leaves in float32
    return device
