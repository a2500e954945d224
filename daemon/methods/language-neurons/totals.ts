/** What is kept of one language's reading: how often each neuron fired in each part of the text, and sums of its values. */
import * as z from "zod";
import type { PlaceCounts } from "../../protocol/engine-api.ts";

export interface LanguageTotals {
  readonly code: string;
  readonly tokens: number;
  /** tokens in each class of windows: two quarters, the other half */
  readonly classTokens: readonly number[];
  /** neurons of each layer that has an MLP, and which layers they are */
  readonly layers: readonly number[];
  readonly widths: readonly number[];
  /** per class, [n]: tokens at which act(g) was above 0 */
  readonly positive: readonly Float64Array[];
  /** [n] over all tokens */
  readonly sum: Float64Array;
  /** [layers of the model × d], over all tokens */
  readonly residual: Float64Array;
}

export function totalsOf(code: string, places: readonly PlaceCounts[]): LanguageTotals {
  const neurons = places.filter(({ site }) => site === "mlp.act");
  const residual = places.filter(({ site }) => site === "resid");
  const classTokens = [...neurons[0]!.tokens];
  const part = ({ width }: PlaceCounts, c: number): [number, number] => [c * width, (c + 1) * width];
  return {
    code,
    tokens: classTokens.reduce((sum, count) => sum + count, 0),
    classTokens,
    layers: neurons.map(({ layer }) => layer),
    widths: neurons.map(({ width }) => width),
    positive: classTokens.map((_, c) => joined(neurons.map((place) => place.positive.subarray(...part(place, c))))),
    sum: joined(neurons.map((place) => summed(place))),
    residual: joined(residual.map((place) => summed(place))),
  };
}

/** Over all classes. */
function summed({ sum, width, tokens }: PlaceCounts): Float64Array {
  return Float64Array.from({ length: width }, (_, j) => tokens.reduce((total, _, c) => total + sum[c * width + j]!, 0));
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const whole = z.array(z.number().int().min(0));
const base64 = z.string();
export const KeptTotalsSchema = z
  .object({ classTokens: whole, layers: whole, widths: whole, positive: z.array(base64), sum: base64, residual: base64 })
  .strict();

/** Counts fit 32 bits, which halves what is kept. */
export function packTotals(totals: LanguageTotals): z.infer<typeof KeptTotalsSchema> {
  const text = ({ buffer, byteOffset, byteLength }: Float64Array | Uint32Array): string =>
    Buffer.from(buffer, byteOffset, byteLength).toString("base64");
  return {
    classTokens: [...totals.classTokens],
    layers: [...totals.layers],
    widths: [...totals.widths],
    positive: totals.positive.map((counts) => text(Uint32Array.from(counts))),
    sum: text(totals.sum),
    residual: text(totals.residual),
  };
}

export function unpackTotals(code: string, kept: z.infer<typeof KeptTotalsSchema>): LanguageTotals {
  const bytes = (data: string): ArrayBuffer => Uint8Array.from(Buffer.from(data, "base64")).buffer;
  return {
    code,
    tokens: kept.classTokens.reduce((sum, count) => sum + count, 0),
    classTokens: kept.classTokens,
    layers: kept.layers,
    widths: kept.widths,
    positive: kept.positive.map((data) => Float64Array.from(new Uint32Array(bytes(data)))),
    sum: new Float64Array(bytes(kept.sum)),
    residual: new Float64Array(bytes(kept.residual)),
  };
}
