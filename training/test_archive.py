"""python -m unittest test_archive: data packed for another machine, files brought home in parts, and what a checkpoint was made from; no torch."""
from __future__ import annotations

import tempfile
import unittest
from argparse import Namespace
from pathlib import Path

import numpy as np

from run import Places, enough
from tiller_train import archive, parts
from tiller_train.common import VAL_LENGTH, VAL_ROWS, read_docs, write_docs
from tiller_train.identity import identity, refuse
from tiller_train.pack import pack, read_manifest
from tiller_train.streams import Mixture

RUNS = [{"steps": 6, "phases": [{"until": 0.5, "rows": 4, "length": 32, "shares": {"a": 0.7, "b": 0.3}}, {"until": 1.0, "rows": 2, "length": 64, "shares": {"a": 1.0}}]},
        {"steps": 5, "phases": [{"until": 1.0, "rows": 3, "length": 48, "shares": {"b": 1.0}}]}]
CONFIG = {"languages": ["en"], "init": None, "tokenizer": {"vocab": 9}, "model": {"width": 8}, "passes": {"a": 2}, "boost": {}, "runs": RUNS, "name": "x"}


class Letters:
    """A stand-in for the tokenizer: a document's characters after <s>."""

    def document(self, text: str) -> list[int]:
        return [1, *(ord(c) for c in text)]


class Folder(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.at = Path(folder.name)

    def packed(self) -> Path:
        rng = np.random.default_rng(0)
        for name, count in (("a.en.train", 400), ("a.de.train", 300), ("b.train", 12), ("c.train", 900), ("a.en.held", 100), ("b.held", 2)):
            write_docs(self.at / "staged" / f"{name}.jsonl", ("".join(chr(c) for c in rng.integers(97, 500, rng.integers(5, 90))) for _ in range(count)))
        pack(self.at / "staged", self.at / "packed", Letters())
        (self.at / "tokenizer.model").write_bytes(b"pieces")
        return self.at / "packed"

    def mixture(self, packed: Path) -> Mixture:
        return Mixture(packed, CONFIG["passes"], bos=1, seed=3)


class Archive(Folder):
    def test_an_unpacked_archive_gives_the_batches_of_all_data(self) -> None:
        full = self.packed()
        made = archive.write(full, self.at / "tokenizer.model", self.at / "data.tar.xz", archive.needed(self.mixture(full), RUNS), 2**20)
        self.assertLess(made["tokens"], 0.5 * made["of"])
        there = self.at / "there"
        self.assertEqual(archive.unpack(self.at / "data.tar.xz", there, self.at / "there.model"), made["tokens"])
        self.assertEqual((self.at / "there.model").read_bytes(), b"pieces")
        one, two = self.mixture(full), self.mixture(there)
        for index, run in enumerate(RUNS):
            one.phases = two.phases = run["phases"]
            for step in range(run["steps"]):
                batches = [m.batch(index, step, step / run["steps"]) for m in (one, two)]
                np.testing.assert_array_equal(*batches)
        self.assertEqual(one.state(), two.state())
        held = [np.load(folder / "a.en.held.npy")[: VAL_ROWS * VAL_LENGTH + 1] for folder in (full, there)]
        np.testing.assert_array_equal(*held)
        self.assertEqual(*(identity(CONFIG, 3, self.at / "tokenizer.model", folder) for folder in (full, there)))
        with self.assertRaisesRegex(SystemExit, "reads further"):
            two.phases = RUNS[0]["phases"]
            for step in range(400):
                two.batch(0, step, 0.9)

    def test_an_archive_for_fewer_steps_is_told_apart_before_training(self) -> None:
        full = self.packed()
        archive.write(full, self.at / "tokenizer.model", self.at / "data.tar.xz", archive.needed(self.mixture(full), RUNS, 1), 2**20)
        archive.unpack(self.at / "data.tar.xz", self.at / "there", self.at / "there.model")
        args = Namespace(at=Places(self.at / "here"), config=CONFIG, seed=3, steps=1, deadline=None)
        args.at.packed = self.at / "there"
        enough(args)
        args.steps = None
        with self.assertRaisesRegex(SystemExit, "reads further"):
            enough(args)

    def test_a_larger_archive_than_allowed_is_refused(self) -> None:
        full = self.packed()
        with self.assertRaisesRegex(SystemExit, "Fewer --steps"):
            archive.write(full, self.at / "tokenizer.model", self.at / "data.tar.xz", archive.needed(self.mixture(full), RUNS), 2000)
        self.assertEqual(list(self.at.glob("data*")), [])

    def test_the_last_run_may_have_other_steps(self) -> None:
        ends = [archive.needed(self.mixture(self.packed()), RUNS, steps)["b"] for steps in (1, None)]
        self.assertLess(*ends)

    def test_a_kind_may_be_packed_up_to_so_many_tokens(self) -> None:
        packed = self.packed()
        pack(self.at / "staged", packed, Letters(), most={"c": 1000, "a": 10**6})
        counts = {name: entry["tokens"] for name, entry in read_manifest(packed).items()}
        self.assertTrue(900 < counts["c.train"] <= 1000, counts)
        self.assertGreater(counts["a.en.train"], 1000)

    def test_packing_anew_forgets_what_is_no_longer_staged(self) -> None:
        packed = self.packed()
        (self.at / "staged" / "c.train.jsonl").unlink()
        pack(self.at / "staged", packed, Letters())
        self.assertNotIn("c.train", read_manifest(packed))
        self.assertFalse((packed / "c.train.npy").exists())


class Parts(Folder):
    def test_files_come_home_in_parts(self) -> None:
        files = {"model.gguf": bytes(range(256)) * 9, "checkpoint.pt": b"x" * 1000, "empty": b""}
        for name, data in files.items():
            (self.at / name).write_bytes(data)
        self.assertEqual(parts.split([self.at / name for name in files], self.at / "parts", 1000), 4)
        self.assertLessEqual(max(path.stat().st_size for path in (self.at / "parts").glob("*.part")), 1000)
        for path in parts.join(self.at / "parts", lambda name: self.at / "home" / name):
            self.assertEqual(path.read_bytes(), files[path.name])

    def test_a_damaged_or_missing_part_puts_nothing_in_place(self) -> None:
        for name in ("one", "two"):
            (self.at / name).write_bytes(b"abc" * 500)
        parts.split([self.at / "one", self.at / "two"], self.at / "parts", 600)
        last = self.at / "parts" / "two.002.part"
        for spoil, said in ((lambda: last.write_bytes(b"?"), "damaged"), (last.unlink, "missing")):
            spoil()
            with self.assertRaisesRegex(SystemExit, said):
                parts.join(self.at / "parts", lambda name: self.at / "home" / name)
            self.assertFalse((self.at / "home" / "one").exists())

    def test_sizes(self) -> None:
        self.assertEqual([parts.size(x) for x in ("16MiB", "500 kB", "12")], [16 * 2**20, 500_000, 12])
        with self.assertRaises(ValueError):
            parts.size("16 loaves")


class Identity(Folder):
    def test_a_checkpoint_of_something_else_is_refused(self) -> None:
        packed, model = self.packed(), self.at / "tokenizer.model"
        was = {"identity": identity(CONFIG, 7, model, packed)}
        refuse(Path("c.pt"), was, identity(CONFIG | {"name": "another name, the same weights", "micro": 64}, 7, model, packed))
        for now, said in ((identity(CONFIG | {"model": {"width": 16}}, 7, model, packed), "another configuration. "), (identity(CONFIG, 8, model, packed), "another seed. ")):
            with self.assertRaisesRegex(SystemExit, said):
                refuse(Path("c.pt"), was, now)
        model.write_bytes(b"other pieces")
        write_docs(self.at / "staged" / "b.train.jsonl", ["other text"])
        pack(self.at / "staged", packed, Letters(), only="b.")
        with self.assertRaisesRegex(SystemExit, "another tokenizer and another data. "):
            refuse(Path("c.pt"), was, identity(CONFIG, 7, model, packed))
        with self.assertRaisesRegex(SystemExit, "does not say what it was made from"):
            refuse(Path("c.pt"), {}, identity(CONFIG, 7, model, packed))

    def test_documents_appear_only_when_all_are_written(self) -> None:
        path = self.at / "a.train.jsonl"
        write_docs(path, ["one"])

        def killed():
            yield "two"
            raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            write_docs(path, killed())
        self.assertEqual(list(read_docs(path)), ["one"])


if __name__ == "__main__":
    unittest.main()
