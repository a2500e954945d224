/**
 * What a `prefix/…` artifact holds: n rows that are read in front of a prompt in the place of token embeddings, and optionally what
 * is added to the residual at each of them. Tensors: `rows` [n × d]; `start` [n × d], the embeddings of the tokens that the training
 * began with; `shifts` [layers × n × d], for the layers that the body names, in their order.
 */
import * as z from "zod";
import type { LoadedArtifact } from "../../compiler/types.ts";
import type { Artifact } from "../../protocol/artifact.ts";
import { TillerError } from "../../protocol/errors.ts";

export const MAX_ROWS = 48;

export const PrefixBodySchema = z
  .object({
    rows: z.number().int().min(1).max(MAX_ROWS),
    layers: z.array(z.number().int().min(0).max(1023)).max(1024).describe("with a shift at `resid`; empty: none"),
    start: z.string().max(2000).describe("the text whose tokens the rows began as"),
    guideline: z.string().max(300).describe("what answers were to be, as the end of `The answer …`; empty: not stated"),
    gain: z
      .number()
      .nullable()
      .describe("by how much the model's own score of its answers rose on held-out prompts, in nats; null: not measured"),
    prompts: z.number().int().min(0).describe("that `gain` is the mean over"),
  })
  .strict();
export type PrefixBody = z.infer<typeof PrefixBodySchema>;

/** The store has checked it. */
export function bodyOf(artifact: Pick<Artifact, "body">): PrefixBody {
  return artifact.body as PrefixBody;
}

export interface Prefix {
  readonly rows: number;
  /** [n × d] */
  readonly values: Float32Array;
  readonly start: Float32Array;
  readonly shifts: readonly { readonly layer: number /** [n × d] */; readonly values: Float32Array }[];
}

const known = new WeakMap<LoadedArtifact, Prefix>();

/** The same arrays each time, so that they need to be hashed, checked and sent only once. @throws TillerError bad-artifact */
export function prefixOf(artifact: LoadedArtifact): Prefix {
  const present = known.get(artifact);
  if (present !== undefined) return present;
  const { id, model } = artifact.meta;
  const { rows, layers } = bodyOf(artifact.meta);
  const size = rows * model.width;
  const tensor = (name: string, length: number): Float32Array => {
    const data = artifact.tensors.get(name)?.data;
    if (data?.length === length) return data;
    throw new TillerError("bad-artifact", `${id}: its tensor '${name}' does not hold ${length} values`);
  };
  const all = layers.length === 0 ? new Float32Array(0) : tensor("shifts", layers.length * size);
  const prefix: Prefix = {
    rows,
    values: tensor("rows", size),
    start: tensor("start", size),
    shifts: layers.map((layer, i) => ({ layer, values: all.subarray(i * size, (i + 1) * size) })),
  };
  known.set(artifact, prefix);
  return prefix;
}

export function qualityOf(artifact: Artifact): string | null {
  const { gain, prompts, rows } = bodyOf(artifact);
  if (gain === null) return `${rows} rows`;
  return `${rows} rows; own score ${gain >= 0 ? "+" : "−"}${Math.abs(gain).toFixed(2)} nats on ${prompts} held-out prompts`;
}
