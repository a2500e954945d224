"""The encoder of the presets in NumPy, for features in bulk: one batched product for many texts, and no need of PyTorch."""

from common import PRESETS, through_node
import numpy as np
from safetensors.numpy import load_file

WINDOW, BATCH = 128, 128
BEGIN, END = 1, 2
BRANCHES = ((2, 0), (3, 1), (5, 2))  # n-gram order, pieces to the left of its place
# logits of chances between 0.0001 and 0.9999, as the daemon cuts them
MOST = np.log((1 - 1e-4) / 1e-4)


class Encoder:
    def __init__(self, path=PRESETS / "emotion" / "encoder.safetensors"):
        self.path, file = path, load_file(path)
        packed = file.pop("table")
        wide = lambda name: np.repeat(file.pop(name).astype(np.float32), 64, axis=1)
        # one row more than pieces: padding
        self.table = np.zeros((len(packed) + 1, 512), np.float32)
        self.table[:-1, 0::2], self.table[:-1, 1::2] = packed & 15, packed >> 4
        self.table[:-1] = wide("table.low") + wide("table.scale") * self.table[:-1]
        self.own = {name: values.astype(np.float32) for name, values in file.items()}
        self.eps = float(file["eps"][0])

    def dense(self, texts):
        """[texts, 547], float32: the sentence and the cut logits of each, means over windows of 128 pieces; zeros where there is no piece"""
        values, ids, at = through_node("pieces.mjs", texts, self.path), [], 0
        for _ in texts:
            ids.append(values[at + 1 : at + 1 + int(values[at])])
            at += 1 + int(values[at])
        windows = [(i, own[start : start + WINDOW], len(own)) for i, own in enumerate(ids) for start in range(0, len(own), WINDOW)]
        windows.sort(key=lambda window: len(window[1]))
        found = np.zeros((len(texts), 547), np.float32)
        for start in range(0, len(windows), BATCH):
            rows, pieces, wholes = zip(*windows[start : start + BATCH])
            shares = np.array([len(own) / whole for own, whole in zip(pieces, wholes)], np.float32)[:, None]
            np.add.at(found, list(rows), shares * np.hstack(self._batch(pieces)))
        found[:, 512:] = np.clip(found[:, 512:], -MOST, MOST)
        return found

    def _batch(self, pieces):
        own, width = self.own, max(map(len, pieces)) + 2
        ids = np.full((len(pieces), width), len(self.table) - 1)
        for row, found in zip(ids, pieces):
            row[0], row[1 : 1 + len(found)], row[1 + len(found)] = BEGIN, found, END
        mask = (ids != len(self.table) - 1).astype(np.float32)[..., None]
        count, x = mask.sum(1), self.table[ids]
        branches = standard(x @ own["proj"] + own["proj.bias"], self.eps) * own["proj.gamma"] + own["proj.beta"]
        parts = [x]
        for i, (order, left) in enumerate(BRANCHES):
            part = branches[..., i * 256 : (i + 1) * 256] * mask
            for layer in (f"conv1.{order}", f"conv2.{order}"):
                padded = np.pad(part * mask, ((0, 0), (left, order - 1 - left), (0, 0)))
                windows = np.concatenate([padded[:, j : j + width] for j in range(order)], -1)
                part = np.maximum(windows @ own[layer] + own[f"{layer}.bias"], 0) + part
            parts.append(part)
        features = (standard(np.concatenate(parts, -1), self.eps) * own["norm.gamma"] + own["norm.beta"]) * mask
        mean = (features.sum(1) @ own["sum"] + count * own["sum.bias"]) / np.sqrt(count)
        rectify = lambda values: np.maximum(values, 0)
        y0 = rectify(mean @ own["d0"])
        y1 = rectify(mean @ own["p1"] + y0 @ own["d1"])
        y2 = rectify(y1 @ own["d2"])
        z = np.tanh(y1 @ own["p3"] + y2 @ own["d3"])
        z /= np.sqrt(np.maximum((z * z).sum(-1, keepdims=True), self.eps))
        hidden = z * 512**0.5 @ own["head1"] + own["head1.bias"]
        hidden = 0.5 * hidden * (1 + np.tanh((2 / np.pi) ** 0.5 * (hidden + 0.044715 * hidden**3)))
        return z, hidden @ own["head2"] + own["head2.bias"] + standard(mean, 1e-5) @ own["skip"] + own["skip.bias"]


def standard(values, eps):
    """To mean 0 and variance 1."""
    values = values - values.mean(-1, keepdims=True)
    return values / np.sqrt((values * values).mean(-1, keepdims=True) + eps)
