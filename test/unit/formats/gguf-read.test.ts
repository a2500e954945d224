import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DEFAULT_LIMITS,
  encodeGguf,
  entry,
  GgufError,
  type GgufInput,
  parseGguf,
  readGgufFile,
  readTensor,
  withFile,
  writeGguf,
} from "../../../daemon/formats/gguf/index.ts";

const values = Float32Array.from({ length: 64 }, (_, i) => i / 8);

const sample: GgufInput = {
  metadata: [
    ["general.architecture", entry.string("test")],
    ["u32", entry.u32(4_000_000_000)],
    ["i32", entry.i32(-5)],
    ["f32", entry.f32(0.5)],
    ["bool", entry.bool(true)],
    ["u64", { type: "uint64", value: 2n ** 63n }],
    ["i64", { type: "int64", value: -(2n ** 62n) }],
    ["f64", { type: "float64", value: Math.PI }],
    ["u8", { type: "uint8", value: 200 }],
    ["i8", { type: "int8", value: -100 }],
    ["u16", { type: "uint16", value: 60_000 }],
    ["i16", { type: "int16", value: -30_000 }],
    ["words", entry.strings(["", "ä▁", "🙂"])],
    ["numbers", entry.f32s(Float32Array.of(1, -2.5))],
    ["flags", { type: "array", items: "bool", value: [true, false] }],
    ["empty", entry.i32s(new Int32Array())],
  ],
  tensors: [
    { name: "a", shape: [3], type: "F32", data: Float32Array.of(1, 2, 3) },
    { name: "b", shape: [32, 2], type: "Q8_0", data: values },
    { name: "c", shape: [64], type: "F16", data: () => [new Uint8Array(100), new Uint8Array(28)] },
  ],
};

/** Writes `value` into a copy of `bytes` right after the first occurrence of `marker` (a length-prefixed string). */
function patched(bytes: Uint8Array, marker: string, skip: number, value: bigint, size: 4 | 8): Uint8Array {
  const copy = Buffer.from(bytes);
  const at = copy.indexOf(marker) + marker.length + skip;
  if (size === 8) copy.writeBigUInt64LE(value, at);
  else copy.writeUInt32LE(Number(value), at);
  return copy;
}

function refused(bytes: Uint8Array, field: string, reason: RegExp): void {
  assert.throws(
    () => parseGguf(bytes),
    (error: unknown) => {
      assert.ok(error instanceof GgufError, String(error));
      assert.equal(error.field, field);
      assert.match(error.reason, reason);
      return true;
    },
  );
}

describe("GGUF reader and writer", () => {
  const bytes = encodeGguf(sample);

  it("read back every type of value and tensor", () => {
    const file = parseGguf(bytes);
    assert.deepEqual([...file.metadata], [...sample.metadata]);
    assert.deepEqual([...readTensor(bytes, file, "a")], [1, 2, 3]);
    assert.deepEqual([...file.tensors.get("b")!.shape], [32, 2]);
    const back = readTensor(bytes, file, "b");
    for (const [i, value] of values.entries()) assert.ok(Math.abs(back[i]! - value) < 0.04);
    assert.deepEqual(file.dataOffset % 32, 0);
  });

  it("give the same through a file as in memory", () => {
    const folder = mkdtempSync(join(tmpdir(), "tiller-gguf-"));
    try {
      const path = join(folder, "model.gguf");
      writeGguf(path, sample);
      assert.deepEqual(readGgufFile(path), parseGguf(bytes));
      assert.deepEqual(
        withFile(path, (source) => readTensor(source, parseGguf(source), "b")),
        readTensor(bytes, parseGguf(bytes), "b"),
      );
      // a header larger than the reader's window
      const words = Array.from({ length: 60_000 }, (_, i) => `word ${i}`);
      writeGguf(path, { metadata: [["words", entry.strings(words)]], tensors: [] });
      assert.deepEqual(readGgufFile(path).metadata.get("words")!.value, words);
      writeFileSync(path, "");
      assert.throws(() => readGgufFile(path), GgufError);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("refuse what is not GGUF of a known version", () => {
    refused(new Uint8Array(0), "magic", /file is empty/);
    refused(Buffer.from("this is a text and no model at all"), "magic", /not a GGUF/);
    for (const version of [0, 1, 4]) {
      const other = Buffer.from(bytes);
      other.writeUInt32LE(version, 4);
      refused(other, "version", /version|big-endian/);
    }
    const swapped = Buffer.from(bytes);
    swapped.writeUInt32BE(3, 4);
    refused(swapped, "version", /big-endian/);
    const second = Buffer.from(bytes);
    second.writeUInt32LE(2, 4);
    assert.equal(parseGguf(second).version, 2);
  });

  it("refuse counts that the file cannot hold before allocating for them", () => {
    const counts = Buffer.from(bytes);
    counts.writeBigUInt64LE(2n ** 63n, 8);
    refused(counts, "tensor_count", /at most/);
    counts.writeBigUInt64LE(60_000n, 8);
    refused(counts, "header", /do not fit/);
    refused(patched(bytes, "numbers", 8, 2n ** 40n, 8), "numbers", /array length/);
    refused(patched(bytes, "numbers", 8, 1_000_000n, 8), "numbers", /needs at least 4000000 bytes/);
    refused(patched(bytes, "words", 8, 1_000_000n, 8), "words", /needs at least 8000000 bytes/);
    refused(patched(bytes, "general.architecture", 4, 2n ** 50n, 8), "general.architecture", /string length/);
  });

  it("refuse nested arrays, unknown value types and odd booleans", () => {
    refused(patched(bytes, "numbers", 4, 9n, 4), "numbers", /array of arrays/);
    refused(patched(bytes, "numbers", 4, 77n, 4), "numbers", /unknown value type 77/);
    refused(patched(bytes, "bool", 4, 7n, 4), "bool", /0 or 1/);
  });

  it("refuse keys and tensors that are given twice", () => {
    const tensor = sample.tensors[0]!;
    refused(
      encodeGguf({
        metadata: [
          ["a", entry.u32(1)],
          ["a", entry.u32(1)],
        ],
        tensors: [],
      }),
      "a",
      /twice/,
    );
    refused(encodeGguf({ metadata: [], tensors: [tensor, tensor] }), "a", /twice/);
    refused(encodeGguf({ metadata: [], tensors: [{ ...tensor, name: "x".repeat(64) }] }), "tensor 0", /at most 63/);
    refused(encodeGguf({ metadata: [], tensors: [{ ...tensor, name: "a\0b" }] }), "tensor 0", /zero byte/);
  });

  it("refuse alignments that are not powers of two", () => {
    for (const alignment of [0, 3, 48, 2 ** 31])
      refused(encodeGguf({ metadata: [["general.alignment", entry.u32(alignment)]], tensors: [] }), "general.alignment", /power of two/);
    refused(encodeGguf({ metadata: [["general.alignment", entry.string("x")]], tensors: [] }), "general.alignment", /uint32/);
    const wide = encodeGguf({ metadata: [["general.alignment", entry.u32(64)]], tensors: sample.tensors, alignment: 64 });
    assert.equal(parseGguf(wide).dataOffset % 64, 0);
  });

  it("refuse shapes, types and offsets that do not fit the file", () => {
    const one = encodeGguf({ metadata: [], tensors: [{ name: "tensor_b", shape: [32, 2], type: "Q8_0", data: values }] });
    // after the name: dimensions (4), sizes (8 each), type (4), offset (8)
    refused(patched(one, "tensor_b", 0, 9n, 4), "tensor_b", /9 dimensions/);
    refused(patched(one, "tensor_b", 4, 0n, 8), "tensor_b", /dimension 0 is 0/);
    refused(patched(one, "tensor_b", 4, 33n, 8), "tensor_b", /whole blocks/);
    refused(patched(one, "tensor_b", 4, 2n ** 52n, 8), "tensor_b", /counted/);
    refused(patched(one, "tensor_b", 12, 2n ** 63n, 8), "tensor_b", /dimension 1/);
    refused(patched(one, "tensor_b", 12, 3n, 8), "tensor_b", /file ends/);
    refused(patched(one, "tensor_b", 20, 4n, 4), "tensor_b", /unknown tensor type 4/);
    refused(patched(one, "tensor_b", 24, 16n, 8), "tensor_b", /multiple of 32/);
    refused(patched(one, "tensor_b", 24, 64n, 8), "tensor_b", /gap/);
    refused(one.subarray(0, one.byteLength - 40), "tensor_b", /file ends/);
    const two = encodeGguf({ metadata: [], tensors: [sample.tensors[0]!, { ...sample.tensors[1]!, name: "tensor_b" }] });
    refused(patched(two, "tensor_b", 24, 0n, 8), "tensor_b", /overlaps/);
  });

  it("stops at the header limit whatever the file's size", () => {
    const words = entry.strings(new Array(1000).fill("a word"));
    const large = encodeGguf({ metadata: [["words", words]], tensors: [] });
    assert.throws(() => parseGguf(large, { ...DEFAULT_LIMITS, headerBytes: 1000 }), GgufError);
  });

  it("the writer refuses data that is not what the shape says", () => {
    const tensor = { name: "a", shape: [4], type: "F32" as const, data: new Float32Array(3) };
    assert.throws(() => encodeGguf({ metadata: [], tensors: [tensor] }), RangeError);
    assert.throws(() => encodeGguf({ metadata: [], tensors: [{ ...tensor, type: "Q8_0" }] }), RangeError);
  });
});
