"""llama.cpp's own converter on a model in memory, with a vocabulary of bytes in place of the model's."""
from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path


def vocabulary(model, size: int) -> None:
    """Takes the place of `set_vocab`: unknown, start, end, the 256 bytes, and words up to `size`."""
    tokens = [b"<unk>", b"<s>", b"</s>", *(f"<0x{byte:02X}>".encode() for byte in range(256))]
    types = [2, 3, 3, *(6 for _ in range(256))]
    tokens += [f"w{i}".encode() for i in range(len(tokens), size)]
    types += [1]*(size - len(types))
    writer = model.gguf_writer
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0]*size)
    writer.add_token_types(types)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(True)


def convert(llama: Path, model, target: Path, size: int, settings: dict) -> None:
    """`settings` are added to the saved configuration: what transformers no longer writes and the converter asks for."""
    for folder in (llama, llama / "gguf-py"):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    import gguf
    from conversion import ModelBase, ModelType, get_model_architecture, get_model_class

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        model.save_pretrained(folder)
        # only counted by some
        names = {f"w{i}": i for i in range(size)}
        (folder / "tokenizer.json").write_text(json.dumps({"model": {"type": "BPE", "vocab": names}, "added_tokens": []}))
        hparams = {**ModelBase.load_hparams(folder, False), **settings}
        base = get_model_class(get_model_architecture(hparams, ModelType.TEXT))
        parts = {"set_vocab": lambda self: vocabulary(self, size), "model_arch": base.model_arch, "no_mtp": True}
        type(base.__name__, (base,), parts)(folder, gguf.LlamaFileType.ALL_F32, target, hparams=hparams).write()
