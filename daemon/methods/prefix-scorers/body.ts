/**
 * What a `prefix-scorer/…` artifact holds: V(x, y, z), what is expected of an answer y to x that goes on with the token z. Tensors:
 * `rows` [(r + 2) × d], products with the state: the tokens', that of going on, that of ending; `tokens` [V × (r + 1)], of each token what
 * the r products count and what it counts by itself.
 */
import * as z from "zod";
import type { LoadedArtifact } from "../../compiler/types.ts";
import type { Artifact } from "../../protocol/artifact.ts";
import { RewardSchema } from "../../protocol/decoding.ts";
import type { EngineScorer } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import { SITES } from "../../protocol/sites.ts";

export const SCORER_KIND = "prefix-scorer";
export const OBJECTIVES = ["cd-q", "cd-fudge"] as const;
export const MAX_RANK = 32;

export const ScorerBodySchema = z
  .object({
    reward: RewardSchema.describe("what is expected"),
    objective: z.enum(OBJECTIVES),
    site: z.enum(SITES),
    layer: z.number().int().min(0).max(1023),
    rank: z.number().int().min(1).max(MAX_RANK),
    bias: z.number(),
    endBias: z.number(),
    ends: z.array(z.number().int().min(0)).max(64).describe("tokens that end an answer"),
    spread: z.number().positive().describe("standard deviation of the values over the model's own next tokens"),
    r2: z.number().nullable().describe("share of the variance of held-out rewards that the values explain; null: too few to say"),
    answers: z.number().int().describe("held-out answers that `r2` is of"),
  })
  .strict();
export type ScorerBody = z.infer<typeof ScorerBodySchema>;

/** The store has checked it. */
export function bodyOf(artifact: Pick<Artifact, "body">): ScorerBody {
  return artifact.body as ScorerBody;
}

const known = new WeakMap<LoadedArtifact, EngineScorer>();

/** As an engine uses it; the same arrays each time. @throws TillerError bad-artifact */
export function scorerOf(artifact: LoadedArtifact): EngineScorer {
  const present = known.get(artifact);
  if (present !== undefined) return present;
  const { id, model } = artifact.meta;
  const { site, layer, rank, bias, endBias, ends, spread, reward } = bodyOf(artifact.meta);
  const tensor = (name: string, row: number): Float32Array => {
    const data = artifact.tensors.get(name)?.data;
    if (data !== undefined && data.length > 0 && data.length % row === 0) return data;
    throw new TillerError("bad-artifact", `${id}: its tensor '${name}' does not hold rows of ${row} values`);
  };
  const rows = tensor("rows", model.width);
  if (rows.length !== (rank + 2) * model.width)
    throw new TillerError("bad-artifact", `${id}: its tensor 'rows' does not hold ${rank + 2} rows of ${model.width} values`);
  const cut = typeof reward.unended === "number" ? reward.unended : null;
  const scorer: EngineScorer = { site, layer, rank, rows, tokens: tensor("tokens", rank + 1), bias, endBias, ends, spread, cut };
  known.set(artifact, scorer);
  return scorer;
}

export function qualityOf(artifact: Artifact): string | null {
  const { r2, answers, objective } = bodyOf(artifact);
  const by = objective === "cd-q" ? "CD-Q" : "CD-FUDGE";
  return r2 === null ? `${by}; not measured` : `${by}; explains ${Math.round(100 * r2)} % of the variance of ${answers} held-out rewards`;
}
