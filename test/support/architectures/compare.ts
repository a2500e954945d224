/** One random model: everything that the native core offers of it against transformers. */

import type { NativeContext, NativeSite } from "../../../daemon/engine/model/native.ts";
import { SITES } from "../../../daemon/protocol/sites.ts";
import { distance, type Forward, forward, NOTHING, openNative, sequenceOf } from "../native.ts";
import { nearest, type Reference, readReference } from "./reference.ts";

export interface Comparison {
  readonly name: string;
  /** live in at least one layer */
  readonly live: string[];
  /** refused somewhere, with the first reason; `everywhere`: in every layer */
  readonly refused: { site: string; reason: string; everywhere: boolean }[];
  /** max|Δ|/max|value| of the logits without steering: where it is large, llama.cpp and transformers compute other models */
  readonly logits: number;
  /** of every reading, and of the logits after every edit, the largest first */
  readonly errors: readonly { what: string; error: number }[];
  /** passes share modules: only the logits were compared */
  readonly looped: boolean;
  /** largest |resid(l−1) + attn.add + mlp.add − resid(l)|, relative; null where the three are not all live */
  readonly sum: number | null;
}

const ONE_THREAD = { threads: 1 };

export async function compare(name: string, model: string, reference: string): Promise<Comparison> {
  const expected = readReference(reference);
  const open = await openNative(model);
  try {
    const sites = open.model.sites();
    const live = sites.filter((one) => one.live);
    const { vocabulary } = open.model.facts();
    const context = open.context(ONE_THREAD);
    const plain = await forward(context, sequenceOf(expected.tokens), vocabulary);
    const errors: { what: string; error: number }[] = [];
    const reading = open.context(ONE_THREAD);
    reading.configure({ ...NOTHING, taps: live.map(({ site, layer }) => ({ site, layer })) });
    const read = await forward(reading, sequenceOf(expected.tokens), vocabulary);
    // transformers' modules serve every pass, and keep the values of the last
    const looped = sites.some(({ reason }) => reason?.includes("serve more than one pass") === true);
    for (const place of looped ? [] : live) {
      const rows = read.sites.get(`${place.site}@${place.layer}`)!;
      const found = nearest(expected, place, rows);
      errors.push({ what: `reading ${place.site}@${place.layer}`, error: found[0]?.error ?? Number.POSITIVE_INFINITY });
      const editable = found.find(({ candidate, error }) => candidate.edited !== null && error <= 2 * found[0]!.error + 1e-7);
      if (editable === undefined) continue;
      const edited = await shifted(context, place, editable.candidate.rows, expected, vocabulary);
      errors.push({ what: `edit ${place.site}@${place.layer}`, error: distance(edited.logits, editable.candidate.edited!) });
    }
    return {
      name,
      live: SITES.filter((site) => live.some((one) => one.site === site)),
      refused: SITES.flatMap((site) => {
        const first = sites.find((one) => one.site === site && !one.live);
        return first === undefined ? [] : [{ site, reason: first.reason!, everywhere: !live.some((one) => one.site === site) }];
      }),
      logits: distance(plain.logits, expected.logits),
      errors: errors.sort((a, b) => b.error - a.error),
      looped,
      sum: sumError(live, read),
    };
  } finally {
    await open.close();
  }
}

/** Adds the reference's noise at a place. */
async function shifted(
  context: NativeContext,
  { site, layer, width }: NativeSite,
  rows: Float32Array[],
  expected: Reference,
  vocabulary: number,
): Promise<Forward> {
  const size = Math.max(...rows.map((row) => row.reduce((most, value) => Math.max(most, Math.abs(value)), 0)));
  context.seqRemove(0, -1, -1);
  context.configure({ ...NOTHING, element: [{ site, layer, scale: false, shift: true }] });
  const shift = expected.noise(width).map((value) => Math.fround(value * size));
  context.writeProfile(1, { element: [{ site, layer, indices: null, scale: null, shift }], banks: [] });
  context.bind(0, 0, 1);
  return forward(context, sequenceOf(expected.tokens), vocabulary);
}

/** @see the test of the same equation in native-structure.test.ts */
function sumError(live: readonly NativeSite[], read: Forward): number | null {
  const has = (site: string, layer: number) => live.some((one) => one.site === site && one.layer === layer);
  const layers = [...new Set(live.map((one) => one.layer))].filter(
    (layer) => layer > 0 && has("resid", layer - 1) && ["resid", "attn.add", "mlp.add"].every((site) => has(site, layer)),
  );
  if (layers.length === 0) return null;
  return Math.max(
    ...layers.map((layer) => {
      const parts = [`resid@${layer - 1}`, `attn.add@${layer}`, `mlp.add@${layer}`].map((place) => read.sites.get(place)!);
      const resid = read.sites.get(`resid@${layer}`)!;
      return distance(
        resid.map((row, i) => row.map((_, j) => parts.reduce((total, part) => total + part[i]![j]!, 0))),
        resid,
      );
    }),
  );
}
