"""Random models of many architectures, and what transformers computes on them, for comparison with the native core.

    python make.py --llama FOLDER --out FOLDER NAME...

FOLDER of --llama is a checkout of llama.cpp, whose converter is used. For each NAME of configurations.json it writes NAME.gguf (F32),
NAME.safetensors (see reference.py) or, where one of them failed, NAME.error: a line that says what and why.
"""
from __future__ import annotations

import argparse
import json
import sys
import traceback
from pathlib import Path

import torch
import transformers

from convert import convert
from reference import reference

HERE = Path(__file__).parent
LAYERS = 4
VOCABULARY = 320
SEED = 7

#: configurations leave out what is the same for most
COMMON = {
    "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": LAYERS, "num_attention_heads": 4, "num_key_value_heads": 2,
    "vocab_size": VOCABULARY, "max_position_embeddings": 512, "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0,
}


def build(entry: dict) -> torch.nn.Module:
    """A model in F32 with weights that leave no norm or bias at its neutral value, so that a mistake shows."""
    options = {**({} if entry.get("own") else COMMON), **entry.get("config", {})}
    config = transformers.AutoConfig.for_model(entry["type"], **options)
    config._attn_implementation = "eager"
    torch.manual_seed(SEED)
    kind = getattr(transformers, entry["class"]) if "class" in entry else None
    model = (kind(config) if kind else transformers.AutoModelForCausalLM.from_config(config)).float().eval()
    generator = torch.Generator().manual_seed(SEED)
    tied = {id(model.get_input_embeddings().weight)}
    for name, weight in model.named_parameters():
        noise = torch.randn(weight.shape, generator=generator)
        with torch.no_grad():
            if weight.ndim < 2 or "norm" in name or any(part in name for part in entry.get("keep", [])):
                weight += 0.1*noise
            elif id(weight) in tied:
                weight.copy_(noise*0.5)
            else:
                weight.copy_(noise/weight.shape[-1]**0.5)
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--llama", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    configurations = json.loads((HERE / "configurations.json").read_text())
    args.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)  # nothing here is large enough for two, and waiting for one another is slow on a busy machine
    for name in args.names or configurations:
        (args.out / f"{name}.error").unlink(missing_ok=True)
        step = "transformers"
        try:
            model = build(configurations[name])
            step = "converter"
            convert(args.llama, model, args.out / f"{name}.gguf", VOCABULARY, configurations[name].get("file", {}))
            step = "reference"
            reference(model, args.out / f"{name}.safetensors")
        except (Exception, SystemExit) as error:  # the next architecture is still made
            where = traceback.extract_tb(error.__traceback__)[-1]
            (args.out / f"{name}.error").write_text(f"{step}: {type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})".replace("\n", " "))
        print(name, flush=True)


if __name__ == "__main__":
    sys.exit(main())
