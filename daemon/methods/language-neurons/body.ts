/**
 * What a `language/…` artifact holds: a set of neurons for each language of one identification. U neurons are owned by some
 * language, K languages, L layers of width d.
 *
 * Tensors: `layer`, `index` [U]; `entropy` [U]; `owned` [K × U], 1 where the language owns the neuron; `rate` [K × U], share of
 * tokens at which act(g) > 0; `mean` [K × U] of act(g) over all tokens; `quantiles` [K × U × Q] of it, from a sample;
 * `residual` [K × L × d], mean of the block outputs.
 */
import * as z from "zod";
import type { LoadedArtifact, Tensor } from "../../compiler/types.ts";
import type { Artifact } from "../../protocol/artifact.ts";
import { TillerError } from "../../protocol/errors.ts";
import { CODE } from "./languages.ts";

export const QUANTILES = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99] as const;

const share = z.number().min(0).max(1);
const count = z.number().int().min(0);

export const LanguagesBodySchema = z
  .object({
    languages: z
      .array(
        z
          .object({
            code: z.string().regex(CODE),
            tokens: count,
            neurons: count.describe("that it owns"),
            negative: share.describe("share of them whose mean is below 0: adding it lowers them"),
            stability: share.describe("Jaccard of its set beside the one from half of the tokens"),
          })
          .strict(),
      )
      .min(2)
      .max(200),
    neurons: count.describe("U"),
    model: count.describe("neurons of the whole model that were ranked"),
    layers: z.number().int().min(1).describe("L"),
    thresholds: z.object({ filter: share, bar: share }).strict(),
    stability: z
      .object({
        half: share.describe("Jaccard of the sets from a quarter of the tokens beside those from half"),
        whole: share.describe("from half beside all"),
        suggested: count.nullable().describe("tokens per language after which a doubling should change less than a tenth; null: not seen"),
      })
      .strict(),
    quantiles: z.array(share).max(32),
  })
  .strict();
export type LanguagesBody = z.infer<typeof LanguagesBodySchema>;

/** The store has checked it. */
export function bodyOf(artifact: Pick<Artifact, "body">): LanguagesBody {
  return artifact.body as LanguagesBody;
}

/** The tensors of an artifact by what they are. */
export interface Found {
  readonly codes: readonly string[];
  readonly neurons: readonly { readonly layer: number; readonly index: number }[];
  owns(language: number, neuron: number): boolean;
  mean(language: number, neuron: number): number;
  /** between the kept quantiles; those beyond them are the outermost */
  quantile(language: number, neuron: number, share: number): number;
  /** mean block output of a language at a layer */
  residual(language: number, layer: number): Float32Array;
}

const known = new WeakMap<LoadedArtifact, Found>();

/** @throws TillerError bad-artifact */
export function foundOf(artifact: LoadedArtifact): Found {
  const present = known.get(artifact);
  if (present !== undefined) return present;
  const { meta, tensors } = artifact;
  const { languages, neurons: count, quantiles, layers } = bodyOf(meta);
  const [K, Q, d] = [languages.length, quantiles.length, meta.model.width];
  const take = (name: string, size: number): Float32Array => {
    const data = (tensors.get(name) as Tensor | undefined)?.data;
    if (data?.length !== size) throw new TillerError("bad-artifact", `${meta.id}: its data lacks '${name}' of ${size} numbers`);
    return data;
  };
  const [layer, index] = [take("layer", count), take("index", count)];
  const [owned, mean, at, residual] = [
    take("owned", K * count),
    take("mean", K * count),
    take("quantiles", K * count * Q),
    take("residual", K * layers * d),
  ];
  const found: Found = {
    codes: languages.map(({ code }) => code),
    neurons: Array.from(layer, (number, u) => ({ layer: number, index: index[u]! })),
    owns: (k, u) => owned[k * count + u] === 1,
    mean: (k, u) => mean[k * count + u]!,
    quantile: (k, u, share) => between(quantiles, at.subarray((k * count + u) * Q, (k * count + u + 1) * Q), share),
    residual: (k, l) => residual.subarray((k * layers + l) * d, (k * layers + l + 1) * d),
  };
  known.set(artifact, found);
  return found;
}

function between(shares: readonly number[], values: Float32Array, share: number): number {
  const above = shares.findIndex((one) => one >= share);
  if (above === 0) return values[0]!;
  if (above < 0) return values.at(-1)!;
  const [low, high] = [shares[above - 1]!, shares[above]!];
  return values[above - 1]! + ((values[above]! - values[above - 1]!) * (share - low)) / (high - low);
}

export function qualityOf(artifact: Artifact): string {
  const { languages, neurons, stability } = bodyOf(artifact);
  return `${neurons} neurons of ${languages.length} languages; Jaccard ${stability.whole.toFixed(2)} beside half of the text`;
}
