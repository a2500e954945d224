/** A trained head as an artifact: what only training needed (scales, embeddings) is folded into its tensors. */
import { setImmediate as immediate } from "node:timers/promises";
import type { FoundArtifact, Tensor } from "../../compiler/types.ts";
import type { Lab } from "../contract.ts";
import { hashJson } from "../shared/hash.ts";
import type { ScorerBody } from "./body.ts";
import { dot, type Head } from "./head.ts";
import { rewardOf, type Train } from "./params.ts";
import { SITE } from "./rollouts.ts";
import type { Embeddings } from "./train.ts";

/** Tokens whose products are computed in one turn of the event loop. */
const TURN = 512;

/** [(r + 2) × d]: A, s and t, each times what the states were multiplied by. */
function rowsOf({ rank, width, groups: [A, , , s, t] }: Head, scale: number): Float32Array {
  const rows = new Float32Array((rank + 2) * width);
  rows.set(A);
  rows.set(s, rank * width);
  rows.set(t, (rank + 1) * width);
  for (let i = 0; i < rows.length; i++) rows[i]! *= scale;
  return rows;
}

/** [V × (r + 1)]: B·e_z and v·e_z. */
async function tokensOf({ rank, embedding: size, groups: [, B, v] }: Head, { data }: Embeddings): Promise<Float32Array> {
  const count = data.length / size;
  const table = new Float32Array(count * (rank + 1));
  for (let token = 0; token < count; token++) {
    for (let k = 0; k < rank; k++) table[token * (rank + 1) + k] = dot(B, k * size, data, token * size, size);
    table[token * (rank + 1) + rank] = dot(v, 0, data, token * size, size);
    if (token % TURN === TURN - 1) await immediate();
  }
  return table;
}

export async function foundScorer(
  params: Train,
  { model, created }: Pick<Lab, "model" | "created">,
  {
    head,
    scale,
    embeddings,
    ...measured
  }: { head: Head; scale: number; embeddings: Embeddings } & Pick<ScorerBody, "ends" | "spread" | "r2" | "answers">,
): Promise<FoundArtifact> {
  const { facts, fingerprint, quantisation } = model;
  const {
    id,
    title = id.split("/")[1]!,
    description = `What an unfinished answer is expected to earn: ${params.reward}.`,
    prompts,
    replace: _,
    ...rest
  } = params;
  const [bias, endBias] = head.groups[5] as unknown as [number, number];
  const rows = rowsOf(head, scale);
  const tokens = await tokensOf(head, embeddings);
  const body: ScorerBody = {
    ...{ reward: rewardOf(params), objective: params.objective, site: SITE, layer: placeOf(model).layer },
    ...{ rank: head.rank, bias, endBias },
    ...measured,
  };
  return {
    meta: {
      ...{ id, title, description },
      method: { id: "prefix-scorer/train", version: 1, params: rest },
      model: {
        ...{ architecture: facts.architecture, fingerprint, quantisation },
        ...(facts.rope === null ? {} : { rope: facts.rope }),
        ...{ layers: facts.layers, width: facts.width },
      },
      provenance: {
        created,
        seed: params.seed,
        inputs: [{ name: "prompts", hash: hashJson(prompts), count: prompts.length, licence: params.licence ?? "not stated" }],
        source: params.source ?? "",
      },
      body,
    },
    tensors: new Map<string, Tensor>([
      ["rows", { shape: [head.rank + 2, head.width], data: rows }],
      ["tokens", { shape: [tokens.length / (head.rank + 1), head.rank + 1], data: tokens }],
    ]),
  };
}

export function placeOf({ sites }: Lab["model"]): Lab["model"]["sites"][number] {
  return sites.find(({ site }) => site === SITE)!;
}
