/** A rack that touches much, and numbered steerings of it, the same wherever they are used. */
import type { NativeContext, NativeProfile, NativeTopology } from "../../daemon/engine/model/native.ts";
import { NOTHING, noise } from "./native.ts";

export const TOKENS = [1, 40, 99, 7, 300, 12, 55, 81, 200, 33];

/** Empties all sequences. */
export function fresh(context: NativeContext): void {
  for (let sequence = 0; sequence < 16; sequence++) context.seqRemove(sequence, -1, -1);
}

export function rackOf(layers: number, width: number): NativeTopology {
  return {
    ...NOTHING,
    element: Array.from({ length: layers }, (_, layer) => [
      { site: "mlp.mid" as const, layer, scale: true, shift: true },
      { site: "attn.heads" as const, layer, scale: true, shift: false },
      { site: "resid" as const, layer, scale: false, shift: true },
    ]).flat(),
    banks: [{ site: "resid", layer: 1, rank: 2, v: noise(2 * width, 1), u: noise(2 * width, 2) }],
  };
}

/** Steering number k. */
export function profileOf(k: number, layers: number, width: number): NativeProfile {
  return {
    element: Array.from({ length: layers }, (_, layer) => ({
      site: "resid" as const,
      layer,
      indices: null,
      scale: null,
      shift: noise(width, 100 * k + layer).map((value) => value * 0.3),
    })),
    banks: [{ site: "resid", layer: 1, params: Float32Array.of(0.1 * k, -0.2, 0, 0, 0, 0, 0, 0, 0.3, 1, 0, 0), rotate: k % 2 === 0 }],
  };
}
