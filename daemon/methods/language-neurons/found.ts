/** From counts to sets: LAPE over all of the text and over parts of it, with the means that controls need. Pure. */
import type { Tensor } from "../../compiler/types.ts";
import { type LanguagesBody, QUANTILES } from "./body.ts";
import { type Lape, type LapeSettings, lape } from "./lape.ts";
import { jaccard, suggestedTokens } from "./sets.ts";
import type { LanguageTotals } from "./totals.ts";

export interface Result {
  readonly totals: readonly LanguageTotals[];
  readonly lape: Lape;
  /** numbers of the U neurons that some language owns */
  readonly union: Int32Array;
  /** layer and index of each of them */
  readonly places: readonly { readonly layer: number; readonly index: number }[];
  readonly body: LanguagesBody;
  /** all but `quantiles`, see body.ts */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** @param totals with the same layers, in the order of the languages. @param modelLayers L, those without an MLP among them */
export function found(totals: readonly LanguageTotals[], settings: LapeSettings, modelLayers: number): Result {
  const whole = lape(
    totals.map((language) => ratesOf(language, [0, 1, 2])),
    settings,
  );
  const half = lape(
    totals.map((language) => ratesOf(language, [0, 1])),
    settings,
  );
  const quarter = lape(
    totals.map((language) => ratesOf(language, [0])),
    settings,
  );
  const union = Int32Array.from(new Set(whole.owned.flatMap((owned) => [...owned]))).sort();
  const { layers, widths } = totals[0]!;
  const places = Array.from(union, (number) => placeOf(number, layers, widths));
  const [before, now] = [alike(quarter, half), alike(half, whole)];
  const tokens = Math.min(...totals.map((language) => language.tokens));
  const residualSize = totals[0]!.residual.length;
  const body: LanguagesBody = {
    languages: totals.map((language, k) => {
      const owned = whole.owned[k]!;
      const negative = owned.filter((number) => language.sum[number]! < 0).length;
      return {
        code: language.code,
        tokens: language.tokens,
        neurons: owned.length,
        negative: owned.length === 0 ? 0 : negative / owned.length,
        stability: jaccard(half.owned[k]!, owned),
      };
    }),
    neurons: union.length,
    model: widths.reduce((sum, width) => sum + width, 0),
    layers: modelLayers,
    thresholds: whole.thresholds,
    stability: { half: before, whole: now, suggested: suggestedTokens(tokens, before, now) },
    quantiles: [...QUANTILES],
  };
  const [K, U] = [totals.length, union.length];
  const table = (of: (k: number, number: number) => number): Tensor => ({
    shape: [K, U],
    data: Float32Array.from({ length: K * U }, (_, at) => of(Math.floor(at / U), union[at % U]!)),
  });
  const column = (of: (u: number) => number): Tensor => ({ shape: [U], data: Float32Array.from({ length: U }, (_, u) => of(u)) });
  const sets = whole.owned.map((owned) => new Set(owned));
  const residual = new Float32Array(K * residualSize);
  totals.forEach((language, k) => {
    residual.set(
      language.residual.map((sum) => sum / language.tokens),
      k * residualSize,
    );
  });
  return {
    totals,
    lape: whole,
    union,
    places,
    body,
    tensors: new Map([
      ["layer", column((u) => places[u]!.layer)],
      ["index", column((u) => places[u]!.index)],
      ["entropy", column((u) => whole.entropy[union[u]!]!)],
      ["owned", table((k, number) => (sets[k]!.has(number) ? 1 : 0))],
      ["rate", table((k, number) => ratesAt(totals[k]!, number))],
      ["mean", table((k, number) => totals[k]!.sum[number]! / totals[k]!.tokens)],
      ["residual", { shape: [K, modelLayers, residualSize / modelLayers], data: residual }],
    ]),
  };
}

/** p over the windows of these classes. */
function ratesOf({ positive, classTokens }: LanguageTotals, classes: readonly number[]): Float64Array {
  const tokens = classes.reduce((sum, c) => sum + classTokens[c]!, 0);
  return positive[0]!.map((_, j) => classes.reduce((sum, c) => sum + positive[c]![j]!, 0) / tokens);
}

function ratesAt({ positive, tokens }: LanguageTotals, number: number): number {
  return positive.reduce((sum, counts) => sum + counts[number]!, 0) / tokens;
}

/** Mean over the languages of the Jaccard of their sets. */
function alike(a: Lape, b: Lape): number {
  return a.owned.reduce((sum, owned, k) => sum + jaccard(owned, b.owned[k]!), 0) / a.owned.length;
}

function placeOf(number: number, layers: readonly number[], widths: readonly number[]): { layer: number; index: number } {
  let rest = number;
  for (const [at, width] of widths.entries()) {
    if (rest < width) return { layer: layers[at]!, index: rest };
    rest -= width;
  }
  throw new RangeError(`there is no neuron ${number}`);
}
