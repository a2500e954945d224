"""What counts as a word: a character in Chinese and Japanese, which write no spaces between words."""
from __future__ import annotations

import math
import re

UNSPACED = ("zh", "ja")


def units(text: str, lang: str) -> list[str]:
    if lang in UNSPACED:
        return [c for c in text.lower() if c.isalnum()]
    return text.lower().split()


def marks(text: str, lang: str) -> list[str]:
    """Words and the marks that carry a tone, for the classifier."""
    return re.findall(r"[^\W_]|[!?！？]" if lang in UNSPACED else r"\w+|[!?]", text.lower())


def cut(text: str, lang: str) -> int:
    """Where a prompt made of the text's beginning ends: after 40 characters, or at the first space after 80; -1 where the text is too short."""
    if lang in UNSPACED:
        return 40 if len(text) > 40 + shortest(lang) else -1
    at = text.find(" ", 80)
    return at if 0 <= at < len(text) - shortest(lang) else -1


def shortest(lang: str) -> int:
    """Characters below which a text's language cannot be told."""
    return 6 if lang in UNSPACED else 15


def brief_long(lang: str) -> tuple[int, int]:
    """Units: a brief answer has at most so many, a long one at least so many. A word is about two characters."""
    return (16, 40) if lang in UNSPACED else (8, 20)


def asks(text: str) -> bool:
    return text.endswith(("?", "？", "؟"))


def wilson(k: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """95% interval of a share (Wilson 1927): also right for 0 of 40 and 40 of 40."""
    p, middle = k / n, (k + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(n * p * (1 - p) + z * z / 4)
    return max(0.0, middle - half), min(1.0, middle + half)
