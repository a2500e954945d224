"""Runs generate.mjs: llama.cpp samples, so that the figures are those of the file that ships."""
from __future__ import annotations

import json
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from tiller_train.common import ROLES, ROOT, Turn, render


TEMPERATURE, TOP_P = 0.7, 0.95  # of all that is sampled; no top-k, no penalty


@dataclass
class Job:
    text: str
    seed: int
    temperature: float = TEMPERATURE
    top_p: float = TOP_P
    max: int = 48


def chat(turns: list[Turn], seed: int, **options) -> Job:
    """The assistant's next turn."""
    return Job(render(turns) + ROLES["assistant"], seed, **options)


def sample(model: Path, jobs: list[Job]) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        asked, made = Path(folder) / "jobs.json", Path(folder) / "out.json"
        asked.write_text(json.dumps([asdict(job) for job in jobs]))
        subprocess.run(["node", str(ROOT / "evaluate" / "generate.mjs"), str(model), str(asked), str(made)], check=True)
        return [text.strip() for text in json.loads(made.read_text())]
