"""Figures of a shipped GGUF on held-out text and behaviours. `python -m evaluate MODEL.gguf --out FIGURES.json`"""
