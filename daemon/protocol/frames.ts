/**
 * Binary WebSocket frames for activations. Little-endian:
 *
 * | offset | bytes | what |
 * |---|---|---|
 * | 0 | 4 | magic "TLF1" |
 * | 4 | 4 | H, length of the JSON header in bytes |
 * | 8 | H | header, UTF-8 JSON (`FrameHeader`), padded with spaces so that the body starts at a multiple of 4 |
 * | 8+H | … | body: rows × Σ widths values, row-major, per row the layers in order |
 */
import * as z from "zod";
import { TillerError } from "./errors.ts";
import { SITES } from "./sites.ts";

export const FrameHeaderSchema = z
  .object({
    stream: z.string().max(64),
    kind: z.enum(["logits", "site", "gradient", "product", "live"]),
    site: z.enum(SITES).nullable(),
    layers: z.array(z.number().int()),
    widths: z.array(z.number().int().min(1)).describe("values per row and layer; [V] for logits"),
    firstToken: z.number().int().describe("token index of the first row (answer index for `live`)"),
    rows: z.number().int().min(1),
    encoding: z.enum(["f32", "u8"]),
    scales: z.array(z.number()).optional().describe("`u8`: the |value| that 255 stands for, per layer"),
    strongest: z
      .array(z.object({ layer: z.number().int(), index: z.number().int(), value: z.number() }))
      .optional()
      .describe("`live`: strongest neurons of the frame, by |value|"),
  })
  .strict();
export type FrameHeader = z.infer<typeof FrameHeaderSchema>;

const MAGIC = 0x31464c54;
const PREFIX = 8;

export function bodyBytes(header: FrameHeader): number {
  const values = header.rows * header.widths.reduce((sum, width) => sum + width, 0);
  return values * (header.encoding === "f32" ? 4 : 1);
}

export function encodeFrame(header: FrameHeader, body: Uint8Array): Uint8Array {
  if (body.byteLength !== bodyBytes(header))
    throw new TillerError("internal", `frame body has ${body.byteLength} bytes, its header says ${bodyBytes(header)}`);
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = json.length + ((4 - (json.length % 4)) % 4);
  const frame = new Uint8Array(PREFIX + headerLength + body.byteLength);
  const view = new DataView(frame.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, headerLength, true);
  frame.fill(0x20, PREFIX, PREFIX + headerLength);
  frame.set(json, PREFIX);
  frame.set(body, PREFIX + headerLength);
  return frame;
}

/** Decodes a frame; throws a TillerError naming the field at fault. The body is a copy-free view where alignment allows. */
export function decodeFrame(frame: Uint8Array): { header: FrameHeader; body: Float32Array | Uint8Array } {
  if (frame.byteLength < PREFIX)
    throw new TillerError("invalid-request", `frame: ${frame.byteLength} bytes are too few`, { field: "frame" });
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.getUint32(0, true) !== MAGIC)
    throw new TillerError("invalid-request", "frame.magic: not a Tiller frame", { field: "frame.magic" });
  const headerLength = view.getUint32(4, true);
  if (headerLength > frame.byteLength - PREFIX)
    throw new TillerError("invalid-request", "frame.headerLength: beyond the end of the frame", { field: "frame.headerLength" });
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(frame.subarray(PREFIX, PREFIX + headerLength)));
  } catch {
    throw new TillerError("invalid-request", "frame.header: not JSON", { field: "frame.header" });
  }
  const parsed = FrameHeaderSchema.safeParse(json);
  if (!parsed.success)
    throw new TillerError(
      "invalid-request",
      `frame.header.${parsed.error.issues[0]?.path.join(".") ?? ""}: ${parsed.error.issues[0]?.message ?? "invalid"}`,
      { field: "frame.header" },
    );
  const header = parsed.data;
  const body = frame.subarray(PREFIX + headerLength);
  if (body.byteLength !== bodyBytes(header))
    throw new TillerError("invalid-request", "frame.body: its length does not match the header", { field: "frame.body" });
  if (header.encoding === "u8") return { header, body };
  // Not body.slice(): the slice of a Buffer is another view of the same unaligned bytes.
  const aligned = body.byteOffset % 4 === 0 ? body : Uint8Array.from(body);
  return { header, body: new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4) };
}
