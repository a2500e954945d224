/** Live activations of running answers: which step is copied, and what a frame of it looks like. */
import type { EngineEvents, EngineWatch } from "../../protocol/engine-api.ts";
import type { SiteAddress } from "../../protocol/sites.ts";
import type { Capture, DecodeResult } from "../model/native.ts";

const STRONGEST = 12;
/** Names, scales and framing of one frame, roughly. */
const FRAME_OVERHEAD = 512;

interface Watch {
  readonly spec: EngineWatch;
  readonly taps: readonly SiteAddress[];
  readonly interval: number;
  due: number;
  /** frames taken and not sent yet */
  ready: EngineEvents["live"][];
}

export class Watches {
  readonly #watches = new Map<string, Watch>();

  /** @param places live places of the site, in the order of their layers */
  add(
    spec: EngineWatch,
    places: readonly { readonly layer: number; readonly width: number }[],
  ): {
    layers: number[];
    widths: number[];
    bytesPerSecond: number;
  } {
    const taps = places.map(({ layer }) => ({ site: spec.site, layer }));
    this.#watches.set(spec.id, { spec, taps, interval: 1000 / spec.fps, due: 0, ready: [] });
    const widths = places.map(({ width }) => width);
    const bytes = widths.reduce((sum, width) => sum + width, 0) * (spec.encoding === "u8" ? 1 : 4) + FRAME_OVERHEAD;
    return { layers: places.map(({ layer }) => layer), widths, bytesPerSecond: Math.round(bytes * spec.fps) };
  }

  remove(id: string): boolean {
    return this.#watches.delete(id);
  }

  tapsOf(id: string): readonly SiteAddress[] {
    return this.#watches.get(id)?.taps ?? [];
  }

  /** Whether the next step of this answer is to be copied. Steps between two frames cost nothing. */
  due(id: string, now: number): boolean {
    if (this.#watches.size === 0) return false;
    const watch = this.#watches.get(id);
    if (watch === undefined || now < watch.due) return false;
    watch.due = now + watch.interval;
    return true;
  }

  /** @param token index in the answer of the token that this step read */
  took(id: string, result: DecodeResult, row: number, token: number): void {
    if (this.#watches.size === 0 || result.captures.length === 0 || token < 0) return;
    const watch = this.#watches.get(id);
    if (watch === undefined) return;
    const rows: Float32Array[] = [];
    const layers: number[] = [];
    for (const { site, layer } of watch.taps) {
      const values = rowOf(result.captures, site, layer, row);
      if (values === null) return;
      rows.push(values);
      layers.push(layer);
    }
    watch.ready = [{ id, site: watch.spec.site, token, ...encodeFrame(layers, rows, watch.spec.encoding) }];
  }

  /** The newest frame of an answer, once. */
  frame(id: string): EngineEvents["live"] | null {
    if (this.#watches.size === 0) return null;
    return this.#watches.get(id)?.ready.pop() ?? null;
  }
}

function rowOf(captures: readonly Capture[], site: string, layer: number, row: number): Float32Array | null {
  for (const capture of captures) {
    if (capture.site !== site || capture.layer !== layer) continue;
    const index = capture.rows.indexOf(row);
    return index < 0 ? null : capture.data.subarray(index * capture.width, (index + 1) * capture.width);
  }
  return null;
}

type Frame = Pick<EngineEvents["live"], "layers" | "widths" | "encoding" | "scales" | "strongest" | "body">;

/** `u8`: |value| in parts of the layer's own maximum, which is its scale; `f32`: the values. */
export function encodeFrame(layers: readonly number[], rows: readonly Float32Array[], encoding: "u8" | "f32"): Frame {
  const widths = rows.map((row) => row.length);
  const total = widths.reduce((sum, width) => sum + width, 0);
  const body = new Uint8Array(encoding === "u8" ? total : total * 4);
  const floats = encoding === "f32" ? new Float32Array(body.buffer) : null;
  const scales: number[] = [];
  const top: { layer: number; index: number; value: number }[] = [];
  let offset = 0;
  rows.forEach((row, position) => {
    let max = 0;
    for (let i = 0; i < row.length; i++) {
      const size = Math.abs(row[i]!);
      if (size > max) max = size;
      if (top.length < STRONGEST || size > Math.abs(top.at(-1)!.value)) insert(top, { layer: layers[position]!, index: i, value: row[i]! });
    }
    scales.push(max);
    if (floats !== null) floats.set(row, offset);
    else if (max > 0) for (let i = 0; i < row.length; i++) body[offset + i] = Math.round((Math.abs(row[i]!) / max) * 255);
    offset += row.length;
  });
  return { layers: [...layers], widths, encoding, scales, strongest: top, body };
}

function insert(top: { layer: number; index: number; value: number }[], one: { layer: number; index: number; value: number }): void {
  let at = top.length;
  while (at > 0 && Math.abs(top[at - 1]!.value) < Math.abs(one.value)) at--;
  top.splice(at, 0, one);
  if (top.length > STRONGEST) top.pop();
}
