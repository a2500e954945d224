"""Byte-fallback BPE, trained with SentencePiece and readable by llama.cpp as a "llama" vocabulary.

SentencePiece (Kudo & Richardson 2018). No dummy prefix and no normalisation, so that token texts
concatenate to the input exactly and llama.cpp's tokeniser needs no special case.
"""
from __future__ import annotations

from pathlib import Path

import sentencepiece as spm

from .common import BOS, EOS, SPECIALS, read_docs, seeded


def make_tokenizer(staged: Path, out: Path, *, vocab: int, bytes_per_lang: dict[str, int], coverage: float,
                   extends: Path | None = None) -> None:
    """A new vocabulary, or that of the GGUF `extends` with pieces added up to `vocab`."""
    if extends is None:
        train_tokenizer(staged, out, vocab, bytes_per_lang, coverage)
        return
    other = out.with_suffix(".other.model")
    train_tokenizer(staged, other, vocab, bytes_per_lang, coverage)
    extend(other, extends, out, vocab)
    other.unlink()


def extend(trained: Path, gguf_path: Path, out: Path, vocab: int) -> None:
    """All pieces of the GGUF with their scores, then the best pieces of `trained` that it lacks, scored below them.

    Old merges go first, so text that the old vocabulary covers well is cut almost as before, and a
    model that starts from the old weights does not have to learn its own languages again.
    """
    import gguf
    from sentencepiece import sentencepiece_model_pb2 as pb

    model = pb.ModelProto()
    model.ParseFromString(trained.read_bytes())
    fields = gguf.GGUFReader(str(gguf_path)).fields
    old = [fields[f"tokenizer.ggml.{key}"].contents() for key in ("tokens", "scores", "token_type")]
    known, floor = set(old[0]), min(old[1])
    free = vocab - len(known)
    more = [p.piece for p in model.pieces if p.piece not in known and p.type == pb.ModelProto.SentencePiece.NORMAL]
    letters = [p for p in more if len(p) == 1][:free]
    added = letters + [p for p in more if len(p) > 1][: free - len(letters)]
    del model.pieces[:]
    for piece, score, kind in [*zip(*old), *((p, floor - 1 - i, 1) for i, p in enumerate(added))]:
        model.pieces.add(piece=piece, score=score, type=int(kind))  # GGUF and SentencePiece number the types alike
    model.trainer_spec.vocab_size = len(model.pieces)
    out.write_bytes(model.SerializeToString())


def train_tokenizer(staged: Path, out: Path, vocab: int, bytes_per_lang: dict[str, int], coverage: float) -> None:
    """Train on a sample of the plain-text streams with so many bytes of each language.

    `coverage` is the share of characters that get a token of their own; the rest, mostly rare Han
    characters, become UTF-8 bytes, which leaves room for words.
    """
    sample = out.with_suffix(".sample.txt")
    with sample.open("w", encoding="utf-8") as handle:
        for lang in bytes_per_lang:
            for kind, share in (("sentences", 0.6), ("stories", 0.25), ("novels", 0.15)):
                docs = list(read_docs(staged / f"{kind}.{lang}.train.jsonl"))
                seeded("tokenizer", lang, kind).shuffle(docs)
                left = int(bytes_per_lang[lang] * share)
                for doc in docs:
                    if left <= 0:
                        break
                    handle.write(doc + "\n")
                    left -= len(doc.encode())
    spm.SentencePieceTrainer.train(
        input=str(sample), model_prefix=str(out.with_suffix("")), model_type="bpe", vocab_size=vocab,
        byte_fallback=True, character_coverage=coverage, normalization_rule_name="identity",
        add_dummy_prefix=False, remove_extra_whitespaces=False, split_digits=True,
        allow_whitespace_only_pieces=False, max_sentence_length=8192, num_threads=2,
        unk_id=0, bos_id=1, eos_id=2, pad_id=-1, bos_piece=BOS, eos_piece=EOS,
        control_symbols=",".join(SPECIALS), minloglevel=1,
    )
    sample.unlink()


class Tokenizer:
    """Encodes text with our special tokens in it; plain text never yields a special token."""

    def __init__(self, source: Path | spm.SentencePieceProcessor) -> None:
        self.sp = spm.SentencePieceProcessor(model_file=str(source)) if isinstance(source, Path) else source
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
