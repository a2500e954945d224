/**
 * Reads binary frames of activations (`protocol/frames.ts` has their layout) without a schema library: the daemon checked what
 * it sent; here only what memory safety needs is checked, which is that the lengths agree.
 */
import type { FrameHeader } from "../protocol/frames.ts";

export interface Frame {
  readonly header: FrameHeader;
  /** rows × Σ widths values; a view of the message where alignment allows */
  readonly body: Float32Array | Uint8Array;
}

const MAGIC = 0x31464c54;
const PREFIX = 8;

/** null: not a frame of ours. */
export function readFrame(data: Uint8Array): Frame | null {
  if (data.byteLength < PREFIX) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const headerLength = view.getUint32(4, true);
  if (view.getUint32(0, true) !== MAGIC || headerLength > data.byteLength - PREFIX) return null;
  let header: FrameHeader;
  try {
    header = JSON.parse(new TextDecoder().decode(data.subarray(PREFIX, PREFIX + headerLength)));
  } catch {
    return null;
  }
  if (!Array.isArray(header?.widths) || !(header.rows >= 1)) return null;
  const body = data.subarray(PREFIX + headerLength);
  const values = header.rows * header.widths.reduce((sum, width) => sum + width, 0);
  if (body.byteLength !== values * (header.encoding === "f32" ? 4 : 1)) return null;
  if (header.encoding === "u8") return { header, body };
  // Not body.slice(): in Node the message is a Buffer, whose slice is another view of the same unaligned bytes.
  const aligned = body.byteOffset % 4 === 0 ? body : Uint8Array.from(body);
  return { header, body: new Float32Array(aligned.buffer, aligned.byteOffset, values) };
}

/** Values of one row and layer, without a copy. `layer` is a layer's number, not its place in the header. */
export function frameRow(frame: Frame, row: number, layer: number): Float32Array | Uint8Array | null {
  const { layers, widths } = frame.header;
  const place = layers.indexOf(layer);
  if (place < 0 || row < 0 || row >= frame.header.rows) return null;
  const before = widths.slice(0, place).reduce((sum, width) => sum + width, 0);
  const perRow = widths.reduce((sum, width) => sum + width, 0);
  const start = row * perRow + before;
  return frame.body.subarray(start, start + widths[place]!);
}
