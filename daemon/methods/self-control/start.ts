/** What a training begins with: the embeddings of real tokens, where the prefix stands, and how large the residual is. */
import { TillerError } from "../../protocol/errors.ts";
import type { Lab } from "../contract.ts";
import type { Controller } from "./objectives.ts";
import type { Train } from "./params.ts";
import { residualNorms } from "./search.ts";

/** Says as little as a text can. */
const DOTS = " .";
const PROBE = [{ role: "user" as const, content: "Hello." }];

export async function startOf(
  { rows, start, shifts }: Pick<Train, "rows" | "start" | "shifts">,
  lab: Pick<Lab, "encode" | "gradient" | "model">,
): Promise<{ controller: Controller; at: number; text: string }> {
  const text = start ?? DOTS;
  const [tokens] = await lab.encode([text]);
  if (tokens === undefined || tokens.length === 0)
    throw new TillerError("invalid-params", "start: the text has no tokens", { field: "start" });
  const repeated = Array.from({ length: rows }, (_, i) => tokens[i % tokens.length]!);
  const { wanted } = await lab.gradient({
    tokens: repeated,
    answers: [{ text: null, tokens: [0], weight: 1 }],
    wants: [{ site: "embd", layer: 0, what: "value" }],
  });
  const values = wanted[0]!;
  const { embeddingsFrom } = await lab.gradient({
    messages: PROBE,
    answers: [{ text: null, tokens: [0], weight: 1 }],
    embeddings: { from: null, insert: true, values },
  });
  // nothing mixes positions behind the last layer
  const layers = shifts ? Array.from({ length: lab.model.facts.layers - 1 }, (_, layer) => layer) : [];
  const controller = { rows, values, layers, shifts: layers.map(() => new Float32Array(values.length)) };
  return { controller, at: embeddingsFrom!, text };
}

/** Root mean square of the residual at these layers. */
export async function residualsOf(layers: readonly number[], lab: Pick<Lab, "gradient" | "model">): Promise<number[]> {
  if (layers.length === 0) return [];
  const norms = await residualNorms(PROBE, layers, lab);
  return norms.map((norm) => norm / Math.sqrt(lab.model.facts.width));
}
