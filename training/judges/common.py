"""What the judges' trainers share: data, features (from the daemon's own code), TF-IDF, export, and the way to the presets."""

import os

# sums of floats depend on how many threads share them; the libraries read these when they are loaded
THREADS = 1
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = str(THREADS)

import hashlib
import itertools
import json
import lzma
import re
import shutil
import subprocess
import threading
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfTransformer
from safetensors.numpy import save_file

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("TILLER_SHARED", ROOT.parent / "shared")) / "data"
PRESETS = ROOT / "presets" / "judges"
# where a run writes until it has everything; not in git
WORK = ROOT / "training" / "work" / "judges"


def read_texts(path, first, last):
    """Lines first to last of an .xz file of texts under shared/data."""
    with lzma.open(DATA / path, "rt", encoding="utf-8") as lines:
        return [line.rstrip("\n") for line in itertools.islice(lines, first, last)]


def read_lines(path):
    """JSON objects of an .xz file under shared/data."""
    with lzma.open(DATA / path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def fold(text):
    """0 to 19, from the text's letters and digits alone, so that copies that differ in case or punctuation share a fold."""
    return text_number("".join(letter for letter in text.lower() if letter.isalnum())) % 20


def text_number(text):
    return int(hashlib.md5(text.encode()).hexdigest()[:8], 16)


def split_of(text):
    """Fixed split: folds 0 to 3 test (20%), 4 and 5 dev (10%), the rest train (70%)."""
    number = fold(text)
    return "test" if number < 4 else "dev" if number < 6 else "train"


def plain(text):
    return re.sub(r"\W+", "", text.lower())


def through_node(script, texts, *arguments, kind=np.int32):
    """What a script beside this file makes of texts (one JSON string per line on its stdin): the numbers on its stdout."""
    node = subprocess.Popen(["node", str(Path(__file__).with_name(script)), *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def feed():
        for text in texts:
            node.stdin.write((json.dumps(text) + "\n").encode())
        node.stdin.close()

    feeder = threading.Thread(target=feed)
    feeder.start()
    values = np.frombuffer(node.stdout.read(), dtype=kind)
    feeder.join()
    if node.wait() != 0:
        raise RuntimeError(f"{script} failed; run `npm run build` first")
    return values


class Features:
    """Word and character feature hashes of texts, by out/daemon/evaluate/judges/features.js, as `judge` prepares them if named."""

    def __init__(self, texts, *judge):
        values = through_node("features.mjs", texts, *judge)
        self.words, self.chars, at = [], [], 0
        for _ in texts:
            for bag in (self.words, self.chars):
                size = int(values[at])
                bag.append(values[at + 1 : at + 1 + size])
                at += 1 + size


class Bag:
    """TF-IDF (sublinear counts, smoothed idf, length 1) over the features that at least `fewest` training texts hold."""

    def __init__(self, hashes, train, fewest):
        found, counts = np.unique(np.concatenate([np.unique(hashes[i]) for i in train]), return_counts=True)
        self.vocabulary = found[counts >= fewest]
        self.transformer = TfidfTransformer(sublinear_tf=True).fit(self.count([hashes[i] for i in train]))

    def count(self, hashes):
        columns, ends = [], [0]
        for row in hashes:
            place = np.searchsorted(self.vocabulary, row)
            place[place == len(self.vocabulary)] = 0
            columns.append(place[self.vocabulary[place] == row])
            ends.append(ends[-1] + len(columns[-1]))
        indices = np.concatenate(columns)
        matrix = sp.csr_matrix((np.ones(len(indices)), indices, ends), shape=(len(hashes), len(self.vocabulary)))
        matrix.sum_duplicates()
        return matrix

    def matrix(self, hashes):
        return self.transformer.transform(self.count(hashes))


def export(path, bags, weights, bias):
    """Writes a classifier in the form of daemon/evaluate/judges/linear.ts. @returns what the 8-bit weights stand for"""
    scale = np.abs(weights).max(0) / 127
    bytes_ = (np.round(weights / scale) + 128).astype(np.uint8)
    tensors = {"scale": scale.astype(np.float32), "bias": bias.astype(np.float32)}
    start = 0
    for name, bag in bags.items():
        size = len(bag.vocabulary)
        tensors[f"{name}.vocabulary"] = bag.vocabulary.astype(np.int32)
        tensors[f"{name}.idf"] = bag.transformer.idf_.astype(np.float16)
        # safetensors writes a view in memory order, so it must be in row order
        tensors[f"{name}.weights"] = np.ascontiguousarray(bytes_[start : start + size])
        start += size
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path)
    path.chmod(0o644)
    return (bytes_.astype(np.float64) - 128) * scale


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def work_folder(judge, keep=False):
    """Empty unless `keep`; on the presets' file system, so that files can be moved there at once."""
    folder = WORK / judge
    if folder.exists() and not keep:
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def write_card(folder, card):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "card.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def publish(judge):
    """Moves the weights and the card of a finished run to the presets together: a card without its weights loads nowhere."""
    folder = WORK / judge
    (PRESETS / judge).mkdir(parents=True, exist_ok=True)
    for file in sorted(folder.glob("*.safetensors")) + [folder / "card.json"]:
        os.replace(file, PRESETS / judge / file.name)
    shutil.rmtree(folder)
