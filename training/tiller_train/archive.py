"""The packed data of a configuration as one small file (tar.xz), for a training machine that has nothing else.

Most streams are read far less than once, so only the beginning that the steps will read goes in: the mixture is played
through without its tokens. The manifest keeps the full lengths, which the mixture's weights and passes follow, so a
machine with the archive draws the batches that a machine with all data draws.
"""
from __future__ import annotations

import io
import json
import lzma
import tarfile
from pathlib import Path

import numpy as np

from .common import VAL_LENGTH, VAL_ROWS
from .pack import MANIFEST, read_manifest, write_manifest
from .streams import Mixture

TOKENIZER = "tokenizer.model"
PRESET = 6  # 9 and filters for two-byte symbols save half a percent


def needed(mixture: Mixture, runs: list[dict], steps: int | None = None) -> dict[str, int]:
    """{stream: tokens from its beginning that the runs read}; `steps`: of the last run, if not the configuration's."""
    for index, settings in enumerate(runs):
        mixture.phases = settings["phases"]
        count = steps if steps and index == len(runs) - 1 else settings["steps"]
        for step in range(count):
            names, length = mixture.draw(index, step, step / count)
            for name in names:
                mixture.streams[name].skip(length)
    return {name: stream.end for name, stream in mixture.streams.items()}


def write(packed: Path, tokenizer: Path, out: Path, keep: dict[str, int], limit: int) -> dict[str, int]:
    """Returns {"bytes", "tokens" in it, "of" all}. Refuses, and leaves nothing, above `limit` bytes."""
    manifest = read_manifest(packed)
    arrays = {}
    for name, entry in manifest.items():
        ids = np.load(packed / f"{name}.npy", mmap_mode="r")
        stream, split = name.rsplit(".", 1)
        kept = max(1, keep.get(stream, 0)) if split == "train" else VAL_ROWS * VAL_LENGTH + 1
        arrays[name] = ids[:kept]
        if len(arrays[name]) < min(kept, entry["tokens"]):
            raise SystemExit(f"{packed / name}.npy is itself cut short; make the archive where all data was packed")
    listed = {name: entry | {"kept": len(arrays[name])} for name, entry in manifest.items()}
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(out.name + ".tmp")
    with lzma.open(partial, "wb", preset=PRESET) as stream, tarfile.open(fileobj=stream, mode="w|") as tar:
        _add(tar, MANIFEST, json.dumps(listed, sort_keys=True).encode())
        _add(tar, TOKENIZER, tokenizer.read_bytes())
        for name, array in arrays.items():
            _add(tar, f"{name}.u16", array.astype("<u2").tobytes())
    size = partial.stat().st_size
    if size > limit:
        partial.unlink()
        most = sorted(arrays, key=lambda name: -len(arrays[name]))[:5]
        raise SystemExit(f"the archive would have {size / 2**20:.1f} MiB, more than the --limit of {limit / 2**20:.0f} MiB. Fewer --steps, lower `passes` or "
                         "fewer languages make it smaller. The largest streams: " + ", ".join(f"{n} ({len(arrays[n]) / 1e6:.1f} M tokens)" for n in most))
    partial.replace(out)
    return {"bytes": size, "tokens": sum(map(len, arrays.values())), "of": sum(entry["tokens"] for entry in manifest.values())}


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)  # no time and no owner: the same data make the same archive
    info.size = len(data)
    tar.addfile(info, io.BytesIO(data))


def unpack(archive: Path, packed: Path, tokenizer: Path) -> int:
    """Streams, manifest and tokenizer into their places; returns the tokens. The manifest comes last: without it nothing is complete."""
    packed.mkdir(parents=True, exist_ok=True)
    for old in [packed / MANIFEST, *packed.glob("*.npy")]:
        old.unlink(missing_ok=True)
    manifest: dict[str, dict] = {}
    count = 0
    with lzma.open(archive) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
        for member in tar:
            data = tar.extractfile(member).read()
            name = member.name.removesuffix(".u16")
            if member.name == MANIFEST:
                manifest = json.loads(data)
            elif member.name == TOKENIZER:
                tokenizer.write_bytes(data)
            elif name in manifest and "/" not in name and len(data) == 2 * manifest[name]["kept"]:
                np.save(packed / f"{name}.npy", np.frombuffer(data, "<u2").astype(np.uint16))
                count += manifest[name]["kept"]
            else:
                raise SystemExit(f"{archive}: {member.name} is not what its manifest says")
    write_manifest(packed, manifest)
    return count
