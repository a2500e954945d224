"""Files as numbered parts of a limited size, with digests, and back: for a way home that takes small files only."""
from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

LIST = "parts.json"
UNITS = {"": 1, "B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "kB": 10**3, "MB": 10**6, "GB": 10**9}


def size(text: str) -> int:
    """Bytes of "16MiB", "500 kB" or "1000"."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(\w*)", text.strip())
    if found is None or found[2] not in UNITS:
        raise ValueError(f"{text!r} is no size; write 16MiB or 500kB")
    return int(float(found[1]) * UNITS[found[2]])


def split(files: list[Path], folder: Path, most: int) -> int:
    """Parts NAME.000.part … of at most `most` bytes and their list; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in [folder / LIST, *folder.glob("*.part")]:
        old.unlink(missing_ok=True)
    listed = []
    for path in files:
        whole, parts = hashlib.sha256(), []
        with path.open("rb") as source:
            while piece := source.read(most):
                whole.update(piece)
                name = f"{path.name}.{len(parts):03}.part"
                (folder / name).write_bytes(piece)
                parts.append({"name": name, "bytes": len(piece), "sha256": hashlib.sha256(piece).hexdigest()})
        listed.append({"name": path.name, "bytes": path.stat().st_size, "sha256": whole.hexdigest(), "parts": parts})
    (folder / LIST).write_text(json.dumps({"files": listed}, indent=1) + "\n", encoding="utf-8")
    return sum(len(file["parts"]) for file in listed)


def join(folder: Path, place: Callable[[str], Path]) -> list[Path]:
    """The files again, each at `place(name)`; nothing is put there unless every digest of every file is right."""
    listed = json.loads((folder / LIST).read_text(encoding="utf-8"))["files"]
    made = []
    for file in listed:
        for name in (file["name"], *(part["name"] for part in file["parts"])):
            if Path(name).name != name:
                raise SystemExit(f"{folder / LIST} names {name}, which is no plain file name")
        target = place(file["name"])
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(target.name + ".tmp")
        whole = hashlib.sha256()
        with partial.open("wb") as out:
            for part in file["parts"]:
                piece = (folder / part["name"]).read_bytes() if (folder / part["name"]).exists() else None
                if piece is None or hashlib.sha256(piece).hexdigest() != part["sha256"]:
                    raise SystemExit(f"{folder / part['name']} is {'missing' if piece is None else 'damaged'}; bring it again")
                whole.update(piece)
                out.write(piece)
        if whole.hexdigest() != file["sha256"]:
            raise SystemExit(f"{file['name']} is not the file that was split")
        made.append((partial, target))
    for partial, target in made:
        partial.replace(target)
    return [target for _, target in made]
