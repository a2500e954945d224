/** Tensor bytes to float32: F32, F16, BF16, Q8_0, Q4_0 and Q4_K, as ggml's dequantize_row_* (ggml-quants.c). */
import { halfTable } from "../float.ts";
import type { GgmlType } from "./types.ts";

export const DEQUANTISABLE = ["F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_K"] as const;

/** `bytes` holds whole blocks of `type`; throws RangeError for other lengths and for types without a decoder. */
export function dequantise(type: GgmlType, bytes: Uint8Array): Float32Array {
  const blocks = bytes.byteLength / type.bytes;
  if (!Number.isInteger(blocks)) throw new RangeError(`${bytes.byteLength} bytes are not whole ${type.name} blocks of ${type.bytes}`);
  const out = new Float32Array(blocks * type.block);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (type.name) {
    case "F32":
      for (let i = 0; i < blocks; i++) out[i] = view.getFloat32(i * 4, true);
      return out;
    case "F16": {
      const half = halfTable();
      for (let i = 0; i < blocks; i++) out[i] = half[view.getUint16(i * 2, true)]!;
      return out;
    }
    case "BF16": {
      const words = new Uint32Array(out.buffer);
      for (let i = 0; i < blocks; i++) words[i] = view.getUint16(i * 2, true) << 16;
      return out;
    }
    case "Q8_0":
      q8(view, blocks, out);
      return out;
    case "Q4_0":
      q4(view, blocks, out);
      return out;
    case "Q4_K":
      q4k(view, blocks, out);
      return out;
    default:
      throw new RangeError(`${type.name} cannot be dequantised here, only ${DEQUANTISABLE.join(", ")}`);
  }
}

function q8(view: DataView, blocks: number, out: Float32Array): void {
  const half = halfTable();
  for (let i = 0; i < blocks; i++) {
    const scale = half[view.getUint16(i * 34, true)]!;
    for (let j = 0; j < 32; j++) out[i * 32 + j] = view.getInt8(i * 34 + 2 + j) * scale;
  }
}

/** Low nibbles are the first 16 values of a block, high ones the last 16. */
function q4(view: DataView, blocks: number, out: Float32Array): void {
  const half = halfTable();
  for (let i = 0; i < blocks; i++) {
    const scale = half[view.getUint16(i * 18, true)]!;
    for (let j = 0; j < 16; j++) {
      const byte = view.getUint8(i * 18 + 2 + j);
      out[i * 32 + j] = ((byte & 15) - 8) * scale;
      out[i * 32 + 16 + j] = ((byte >> 4) - 8) * scale;
    }
  }
}

/** 256 values: d and dmin as halves, eight 6-bit scales and minima in 12 bytes, then nibbles in four groups of 64. */
function q4k(view: DataView, blocks: number, out: Float32Array): void {
  const half = halfTable();
  for (let i = 0; i < blocks; i++) {
    const at = i * 144;
    const d = half[view.getUint16(at, true)]!;
    const least = half[view.getUint16(at + 2, true)]!;
    for (let group = 0; group < 8; group++) {
      const [scale, minimum] = scaleAndMinimum(view, at + 4, group);
      const step = Math.fround(d * scale);
      const base = Math.fround(least * minimum);
      const nibbles = at + 16 + (group >> 1) * 32;
      for (let j = 0; j < 32; j++) {
        const byte = view.getUint8(nibbles + j);
        out[i * 256 + group * 32 + j] = Math.fround(step * ((group & 1) === 0 ? byte & 15 : byte >> 4)) - base;
      }
    }
  }
}

function scaleAndMinimum(view: DataView, at: number, group: number): [number, number] {
  const byte = (i: number) => view.getUint8(at + i);
  if (group < 4) return [byte(group) & 63, byte(group + 4) & 63];
  return [(byte(group + 4) & 15) | ((byte(group - 4) >> 6) << 4), (byte(group + 4) >> 4) | ((byte(group) >> 6) << 4)];
}
