/** The sentence encoder on a small random file, against a plain implementation in double precision. */
import assert from "node:assert/strict";
import { encode, pieces, readEncoder } from "../../../daemon/evaluate/judges/encoder/encoder.ts";
import { createGemm } from "../../../daemon/evaluate/judges/encoder/gemm.ts";
import { createVocabulary, normalise, split, type Vocabulary } from "../../../daemon/evaluate/judges/encoder/vocabulary.ts";
import { encodeSafetensors, type SafetensorsTensor, tensorFrom, tensorValues } from "../../../daemon/formats/safetensors.ts";
import { TillerError } from "../../../daemon/protocol/errors.ts";

type Tensors = Map<string, SafetensorsTensor>;

/** Numbers from -1 to 1 (Steele and Vigna's mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

function vocabularyTensors(entries: readonly (readonly [string, number])[]): Tensors {
  const bytes = entries.map(([piece]) => Buffer.from(piece));
  let end = 0;
  const ends = bytes.map(({ length }) => {
    end += length;
    return end;
  });
  return new Map([
    ["pieces", tensorFrom(Buffer.concat(bytes), [end], "U8")],
    ["pieces.ends", tensorFrom(ends, [ends.length], "I32")],
    [
      "scores",
      tensorFrom(
        entries.map(([, score]) => score),
        [ends.length],
      ),
    ],
  ]);
}

const SPECIAL = [
  ["<unk>", 0],
  ["<s>", 0],
  ["</s>", 0],
] as const;

describe("the encoder's pieces", () => {
  const entries = [
    ...SPECIAL,
    ...([
      ["▁", -3],
      ["a", -2],
      ["b", -2],
      ["ab", -4],
      ["▁a", -3],
      ["cd", -5],
      ["de", -4],
      ["😀", -6],
      ["é", -6],
      ["abb", -7],
      ["d", -6],
    ] as const),
  ];
  const read = (list: readonly (readonly [string, number])[]): Vocabulary => {
    const tensors = vocabularyTensors(list);
    const values = (name: string) => tensorValues(tensors.get(name)!);
    return createVocabulary(values("pieces") as Uint8Array, values("pieces.ends") as Int32Array, values("scores") as Float32Array);
  };
  const vocabulary = read(entries);
  const cut = (text: string) => [...split(vocabulary, text)].map((id) => entries[id]![0]);

  it("are those of the most probable path", () => {
    assert.deepEqual(cut("a"), ["▁a"]);
    assert.deepEqual(cut("b a"), ["▁", "b", "▁a"]);
    assert.deepEqual(cut("ad"), ["▁a", "d"]);
    // cheaper than an unknown c and d
    assert.deepEqual(cut("acd"), ["▁a", "cd"]);
  });

  it("prefer the piece that starts first where paths are equally probable", () => {
    // a + b and ab are both -4, and ab starts before b
    assert.deepEqual(cut("bab"), ["▁", "b", "ab"]);
    // abb is less probable than ab + b
    assert.deepEqual(cut("babb"), ["▁", "b", "ab", "b"]);
  });

  it("keep unknown characters apart, one by one, and whole", () => {
    assert.deepEqual(cut("xyz"), ["▁", "<unk>", "<unk>", "<unk>"]);
    assert.deepEqual(cut("😀😁a"), ["▁", "😀", "<unk>", "a"]);
    assert.deepEqual(cut("c"), ["▁", "<unk>"]);
    // c is unknown by itself also where cd is a piece
    assert.deepEqual(cut("cde"), ["▁", "<unk>", "de"]);
    assert.deepEqual(cut("\ud83d"), ["▁", "<unk>"]);
    assert.deepEqual(cut("<s>"), ["▁", "<unk>", "<unk>", "<unk>"]);
  });

  it("ignore forms of characters, placeholders, control characters and more than one space", () => {
    assert.equal(normalise(" ａ\u0000b\t\n [NAME] e\u0301  "), "▁ab▁é");
    assert.deepEqual(cut("  [NAME]\u0007 ｅ\u0301 "), ["▁", "é"]);
  });

  it("are none where there is no text", () => {
    for (const text of ["", " \n", "[NAME]", "\u0001"]) assert.equal(split(vocabulary, text).length, 0);
  });

  it("refuse ends that do not fit", () => {
    const bad = (ends: number[]) => createVocabulary(Buffer.from("abcd"), Int32Array.from(ends), new Float32Array(ends.length));
    for (const ends of [[], [1, 4], [1, 3, 2, 4], [1, 2, 3, 5], [1, 2, 3], [-1, 0, 0, 4]]) assert.throws(() => bad(ends), TillerError);
  });
});

describe("the encoder's matrix product", () => {
  it("is what three plain loops compute, and writes nothing else", () => {
    const gemm = createGemm(8192);
    const next = random(1);
    const [a, b, c] = [0, 1024, 6144];
    for (let k = 1; k <= 70; k += k < 9 ? 1 : 6) {
      for (let m = 1; m <= 7; m++) {
        for (const n of [4, 8, 12, 16, 20, 28, 36, 60, 64]) {
          // rows that overlap, follow each other, and have gaps
          const stride = Math.max(1, k + ((m + n) % 3) - 1);
          for (let i = 0; i < gemm.floats.length; i++) gemm.floats[i] = next();
          const expected = Float64Array.from(gemm.floats);
          for (let row = 0; row < m; row++) {
            for (let column = 0; column < n; column++) {
              for (let i = 0; i < k; i++) {
                expected[c + row * n + column]! += expected[a + row * stride + i]! * expected[b + i * n + column]!;
              }
            }
          }
          gemm.product(a, stride, b, c, m, k, n);
          let worst = 0;
          for (const [i, value] of expected.entries()) worst = Math.max(worst, Math.abs(value - gemm.floats[i]!));
          assert.ok(worst < 1e-5, `${m} x ${k} x ${n}: off by ${worst}`);
        }
      }
    }
  });
});

const LETTERS = [..."abcdefghijklmnopqrstuvwxyz"];
const ENTRIES = [
  ...SPECIAL,
  ...LETTERS.map((letter, i) => [`▁${letter}`, -3 - i / 8] as const),
  ...["▁", ..."aeinrst"].map((c) => [c, -6] as const),
];

const MATRICES: Record<string, [number, number]> = {
  proj: [512, 768],
  ...Object.fromEntries([2, 3, 5].flatMap((size) => [1, 2].map((layer) => [`conv${layer}.${size}`, [size * 256, 256]]))),
  sum: [1280, 512],
  d0: [512, 320],
  d1: [320, 320],
  p1: [512, 320],
  d2: [320, 512],
  p3: [320, 512],
  d3: [512, 512],
  head1: [512, 256],
  head2: [256, 35],
  skip: [512, 35],
};
const BIASED = ["proj", "sum", "head1", "head2", "skip", ...Object.keys(MATRICES).filter((name) => name.startsWith("conv"))];

/** A file's tensors; the matrices' sizes are such that what they multiply keeps about its length. */
function tensorsOf(seed: number): Tensors {
  const next = random(seed);
  // halves out of 1024 different ones: rounding millions of them takes seconds
  const halves = (shape: number[], size: number, middle = 0) => {
    const few = tensorFrom(
      Array.from({ length: 1024 }, () => middle + size * next()),
      [1024],
      "F16",
    ).data;
    const data = new Uint8Array(2 * shape.reduce((x, y) => x * y));
    const bits = new Uint16Array(data.buffer);
    const choice = new Uint16Array(Uint8Array.from(few).buffer);
    for (let i = 0; i < bits.length; i++) bits[i] = choice[Math.floor(512 * (next() + 1))]!;
    return { dtype: "F16", shape, data } as const;
  };
  const floats = (length: number, middle = 0) =>
    tensorFrom(
      Array.from({ length }, () => middle + 0.3 * next()),
      [length],
    );
  const tensors = vocabularyTensors(ENTRIES);
  const size = ENTRIES.length;
  tensors.set(
    "table",
    tensorFrom(
      Array.from({ length: size * 256 }, () => Math.floor(128 * (next() + 1))),
      [size, 256],
      "U8",
    ),
  );
  tensors.set("table.scale", halves([size, 8], 0.05, 0.1));
  tensors.set("table.low", halves([size, 8], 0.2, -0.8));
  for (const [name, shape] of Object.entries(MATRICES)) tensors.set(name, halves(shape, Math.sqrt(3 / shape[0])));
  for (const name of BIASED) tensors.set(`${name}.bias`, floats(MATRICES[name]![1]));
  for (const [name, length] of [
    ["proj", 768],
    ["norm", 1280],
  ] as const) {
    tensors.set(`${name}.gamma`, floats(length, 1));
    tensors.set(`${name}.beta`, floats(length));
  }
  tensors.set("eps", tensorFrom([1e-6], [1]));
  return tensors;
}

/** The encoder as its authors describe it, step by step. */
function reference(tensors: Tensors): (ids: readonly number[]) => { sentence: number[]; logits: number[] } {
  const values = new Map([...tensors].map(([name, tensor]) => [name, tensorValues(tensor)]));
  const of = (name: string) => values.get(name)!;
  const times = (x: readonly number[], name: string): number[] => {
    const [, columns] = MATRICES[name]!;
    const matrix = of(name);
    const sums = Array<number>(columns).fill(0);
    for (const [row, value] of x.entries()) for (let i = 0; i < columns; i++) sums[i]! += value * matrix[row * columns + i]!;
    return sums;
  };
  const plus = (x: readonly number[], y: ArrayLike<number>) => x.map((value, i) => value + y[i]!);
  const relu = (x: readonly number[]) => x.map((value) => Math.max(0, value));
  const mean = (x: readonly number[]) => x.reduce((sum, value) => sum + value, 0) / x.length;
  const layerNorm = (x: readonly number[], eps: number) => {
    const middle = mean(x);
    const variance = mean(x.map((value) => (value - middle) ** 2));
    return x.map((value) => (value - middle) / Math.sqrt(variance + eps));
  };
  const weighted = (x: readonly number[], name: string) => x.map((value, i) => value * of(`${name}.gamma`)[i]! + of(`${name}.beta`)[i]!);
  const eps = of("eps")[0]!;
  const embed = (id: number) =>
    Array.from({ length: 512 }, (_, i) => {
      const byte = of("table")[id * 256 + (i >> 1)]!;
      const group = id * 8 + Math.floor(i / 64);
      return of("table.low")[group]! + of("table.scale")[group]! * (i % 2 === 0 ? byte % 16 : Math.floor(byte / 16));
    });
  const convolve = (rows: readonly number[][], name: string, size: number, left: number) =>
    rows.map((_, t) => {
      const window = Array.from({ length: size }, (_, j) => rows[t - left + j] ?? Array<number>(256).fill(0)).flat();
      return relu(plus(times(window, name), of(`${name}.bias`)));
    });
  return (ids) => {
    const embedded = [1, ...ids, 2].map(embed);
    const projected = embedded.map((x) => weighted(layerNorm(plus(times(x, "proj"), of("proj.bias")), eps), "proj"));
    const branches = [
      [2, 0],
      [3, 1],
      [5, 2],
    ].map(([size, left], branch) => {
      const x = projected.map((row) => row.slice(256 * branch, 256 * (branch + 1)));
      const h = convolve(x, `conv1.${size}`, size!, left!).map((row, t) => plus(row, x[t]!));
      return convolve(h, `conv2.${size}`, size!, left!).map((row, t) => plus(row, h[t]!));
    });
    const features = embedded.map((x, t) => weighted(layerNorm([x, ...branches.map((rows) => rows[t]!)].flat(), eps), "norm"));
    const outputs = features.map((x) => plus(times(x, "sum"), of("sum.bias")));
    const average = outputs.reduce((sum, x) => plus(sum, x)).map((value) => value / Math.sqrt(outputs.length));
    const y1 = relu(plus(times(average, "p1"), times(relu(times(average, "d0")), "d1")));
    const z = plus(times(y1, "p3"), times(relu(times(y1, "d2")), "d3")).map(Math.tanh);
    const length = Math.sqrt(z.reduce((sum, value) => sum + value * value, 0));
    const long = z.map((value) => (value / length) * Math.sqrt(512));
    const hidden = plus(times(long, "head1"), of("head1.bias")).map(
      (x) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
    );
    const skipped = plus(times(layerNorm(average, 1e-5), "skip"), of("skip.bias"));
    return { sentence: z.map((value) => value / length), logits: plus(plus(times(hidden, "head2"), of("head2.bias")), skipped) };
  };
}

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    assert.ok(Math.abs(actual[i]! - expected[i]!) < tolerance, `${i}: ${actual[i]} instead of ${expected[i]}`);
  }
}

describe("the encoder", function () {
  this.timeout(20_000);
  let tensors: Tensors;
  let file: Uint8Array;
  before(() => {
    tensors = tensorsOf(7);
    file = encodeSafetensors({ tensors, metadata: {} });
  });

  it("computes what its description says", () => {
    const encoder = readEncoder(file);
    const plain = reference(tensors);
    // the second is shorter: nothing of the first may be left in memory
    for (const text of ["a b estrin x, q 😀 z", "t", "no"]) {
      const ids = [...pieces(encoder, text)];
      const { sentence, logits } = encode(encoder, text)!;
      const expected = plain(ids);
      assertClose(sentence, expected.sentence, 1e-4);
      assertClose(logits, expected.logits, 1e-4);
      assert.ok(Math.hypot(...logits) > 1);
    }
    assert.equal(encode(encoder, " [NAME] "), null);
  });

  it("reads a file at an odd address", () => {
    const moved = new Uint8Array(file.length + 1);
    moved.set(file, 1);
    assert.deepEqual(encode(readEncoder(moved.subarray(1)), "a b"), encode(readEncoder(file), "a b"));
  });

  it("averages over windows of a long text by their pieces", () => {
    const encoder = readEncoder(file);
    const words = Array.from({ length: 300 }, (_, i) => LETTERS[(i * i + 3 * i) % 26]!);
    assert.equal(pieces(encoder, words.join(" ")).length, 300);
    const whole = encode(encoder, words.join(" "))!;
    const parts = [words.slice(0, 128), words.slice(128, 256), words.slice(256)];
    const shares = parts.map((part) => ({ share: part.length / 300, ...encode(encoder, part.join(" "))! }));
    for (const name of ["sentence", "logits"] as const) {
      const expected = whole[name].map((_, i) => shares.reduce((sum, part) => sum + part.share * part[name][i]!, 0));
      assertClose(whole[name], expected, 1e-5);
    }
  });

  it("refuses a tensor of another type or shape by its name", () => {
    const small = (dtype: "F32" | "F16" | "U8") => tensorFrom([0, 0, 0, 0], [2, 2], dtype);
    for (const [name, tensor] of [
      ["pieces", null],
      ["pieces.ends", small("F32")],
      ["scores", small("F32")],
      ["table", small("U8")],
      ["table.low", { ...tensors.get("table.low")!, shape: [8, ENTRIES.length] }],
      ["conv1.3", { ...tensors.get("conv1.3")!, shape: [256, 768] }],
      ["d1", { ...tensors.get("d1")!, dtype: "BF16" }],
      ["head2", small("F16")],
      ["skip.bias", null],
      ["eps", small("F32")],
    ] as const) {
      const changed = new Map(tensors);
      if (tensor === null) changed.delete(name);
      else changed.set(name, tensor);
      assert.throws(
        () => readEncoder(encodeSafetensors({ tensors: changed, metadata: {} })),
        (error) => error instanceof TillerError && error.code === "bad-artifact" && error.detail.field === name,
        name,
      );
    }
  });
});
