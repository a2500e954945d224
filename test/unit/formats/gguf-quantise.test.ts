import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { dequantise } from "../../../daemon/formats/gguf/dequant.ts";
import { quantise } from "../../../daemon/formats/gguf/quantise.ts";
import { type GgmlTypeName, ggmlType } from "../../../daemon/formats/gguf/types.ts";
import { random } from "../../support/models/random.ts";

/** Blocks made by ggml's own quantize_row_*_ref, with the SHA-256 of the float32 that its dequantize_row_* gives. */
const GGML: readonly [GgmlTypeName, string, string][] = [
  [
    "Q4_K",
    "117abRD6kr8Av4WADJiVTfDw8PDw8PDw+vDw8PDw8A/w8PDx8PDw8PDw8PDw8PDwBAQEBAQEBAQEBAQEBLQEBAT0BAQEBAAEBBQKBAQEBA8AoOCgoKCgoKCgoKCgoKDfoKCg4KCgoKCgoKBQ8KCgoL+//7+/v7+/v7/fv7+/vw+/v76/v7+9sL+/v7+/v7+/",
    "5005b17b49a12db357c11bdac3a8a1fb3d2a2f52793767ac20f1824806b7caf6",
  ],
  ["Q4_0", "Ru6IiIiIiICIiISIiIiIiFiI", "3125f2b2c6a33be55298f7cb4f6241cd1daa21a72b8fbb80580a53c9b063e758"],
];

describe("quantised tensors", () => {
  for (const [name, base64, digest] of GGML) {
    it(`${name}: a block of ggml's has the values that ggml sees`, () => {
      const values = dequantise(ggmlType(name), Buffer.from(base64, "base64"));
      assert.equal(createHash("sha256").update(new Uint8Array(values.buffer)).digest("hex"), digest);
    });
  }

  it("Q8_0: ties go away from zero, as C's roundf", () => {
    // a scale of exactly 1, so that every other value is a tie
    const values = Float32Array.from({ length: 32 }, (_, i) => (i === 0 ? 127 : (i % 2 === 0 ? 1 : -1) * (i + 0.5)));
    const bytes = new Int8Array(quantise(values, "Q8_0").buffer, 2);
    assert.deepEqual(
      [...bytes],
      Array.from({ length: 32 }, (_, i) => (i === 0 ? 127 : (i % 2 === 0 ? 1 : -1) * (i + 1))),
    );
  });

  it("Q8_0: zeros, and values just below a half, stay down", () => {
    assert.deepEqual([...dequantise(ggmlType("Q8_0"), quantise(new Float32Array(32), "Q8_0"))], new Array(32).fill(0));
    const below = new Float32Array(32).fill(0.49999997);
    below[0] = 127;
    assert.equal(new Int8Array(quantise(below, "Q8_0").buffer, 2)[1], 0);
  });

  it("come back within half a step, and exactly from their own values", () => {
    const { normal } = random(7);
    const values = Float32Array.from({ length: 32 * 200 }, () => normal());
    for (const [name, step] of [
      ["F32", 0],
      ["F16", 2 ** -11],
      ["BF16", 2 ** -8],
      // half a step, and the scale is rounded to a half
      ["Q8_0", 1 / 254 + 2 ** -11],
    ] as const) {
      const once = dequantise(ggmlType(name), quantise(values, name));
      for (let i = 0; i < values.length; i++) {
        const largest = Math.max(...values.subarray(i - (i % 32), i - (i % 32) + 32).map(Math.abs));
        assert.ok(Math.abs(once[i]! - values[i]!) <= step * largest * 1.001, `${name} ${values[i]} became ${once[i]}`);
      }
      if (name !== "Q8_0") assert.deepEqual(dequantise(ggmlType(name), quantise(once, name)), once);
    }
  });

  it("refuse lengths that are not whole blocks, and types without a decoder", () => {
    assert.throws(() => quantise(new Float32Array(33), "Q8_0"), RangeError);
    assert.throws(() => dequantise(ggmlType("Q8_0"), new Uint8Array(35)), RangeError);
    assert.throws(() => dequantise(ggmlType("IQ1_S"), new Uint8Array(50)), /cannot be dequantised/);
  });
});
