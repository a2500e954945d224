"""Byte-fallback BPE, trained with SentencePiece and readable by llama.cpp as a "llama" vocabulary.

SentencePiece (Kudo & Richardson 2018). No dummy prefix and no normalisation, so that token texts
concatenate to the input exactly and llama.cpp's tokeniser needs no special case.
"""
from __future__ import annotations

from pathlib import Path

import sentencepiece as spm

from .common import BOS, EOS, LANGS, SPECIALS, read_docs, seeded


def train_tokenizer(staged: Path, out: Path, vocab: int, bytes_per_lang: int) -> None:
    """Train on a sample of the plain-text streams with equal bytes for each language."""
    sample = out.with_suffix(".sample.txt")
    with sample.open("w", encoding="utf-8") as handle:
        for lang in LANGS:
            for kind, share in (("sentences", 0.6), ("stories", 0.25), ("novels", 0.15)):
                docs = list(read_docs(staged / f"{kind}.{lang}.train.jsonl"))
                seeded("tokenizer", lang, kind).shuffle(docs)
                left = int(bytes_per_lang * share)
                for doc in docs:
                    if left <= 0:
                        break
                    handle.write(doc + "\n")
                    left -= len(doc.encode())
    spm.SentencePieceTrainer.train(
        input=str(sample), model_prefix=str(out.with_suffix("")), model_type="bpe", vocab_size=vocab,
        byte_fallback=True, character_coverage=0.9998, normalization_rule_name="identity",
        add_dummy_prefix=False, remove_extra_whitespaces=False, split_digits=True,
        allow_whitespace_only_pieces=False, max_sentence_length=8192, num_threads=2,
        unk_id=0, bos_id=1, eos_id=2, pad_id=-1, bos_piece=BOS, eos_piece=EOS,
        control_symbols=",".join(SPECIALS), minloglevel=1,
    )
    sample.unlink()


class Tokenizer:
    """Encodes text with our special tokens in it; plain text never yields a special token."""

    def __init__(self, path: Path) -> None:
        self.sp = spm.SentencePieceProcessor(model_file=str(path))
        self.special = {t: self.sp.piece_to_id(t) for t in [BOS, EOS, *SPECIALS]}

    def encode(self, text: str) -> list[int]:
        ids: list[int] = []
        while text:
            at, token = min(((text.find(t), t) for t in self.special if t in text), default=(-1, ""))
            head = text if at < 0 else text[:at]
            ids += self.sp.encode(head)
            if at < 0:
                break
            ids.append(self.special[token])
            text = text[at + len(token) :]
        return ids

    def document(self, text: str) -> list[int]:
        """`<s>` text, and `</s>` unless the text is a conversation, which ends itself."""
        chat = text.startswith("<|")
        return [self.special[BOS], *self.encode(text), *([] if chat else [self.special[EOS]])]
