/** What an answer's logits must be when a slider was moved at one of its tokens: by the float64 reference, and by the daemon. */
import type { ReferenceEdit, ReferenceModel } from "./reference/index.ts";
import type { RpcClient } from "./rpc.ts";

export interface Proof {
  readonly prompt: readonly number[];
  readonly forced: readonly number[];
  /** the layer on whose residual stream the control `use` acts, by adding strength × vector */
  readonly layer: number;
  readonly vector: Float32Array;
  readonly before: number;
  readonly after: number;
}

/**
 * The rows [V] from which each answer token is drawn. Token i is drawn from the decode of position prompt − 1 + i, so a move
 * that shows first at token t acts from position prompt − 1 + t on; the cache below it keeps the old strength.
 */
export function referenceRows(model: ReferenceModel, proof: Proof, movedAt: number): Float64Array[] {
  const { prompt, forced, layer, vector } = proof;
  const boundary = prompt.length - 1 + movedAt;
  const edit: ReferenceEdit = {
    site: "resid",
    layer,
    apply(x, position) {
      const strength = position < boundary ? proof.before : proof.after;
      for (let i = 0; i < x.length; i++) x[i]! += strength * vector[i]!;
    },
  };
  return model.forward([...prompt, ...forced.slice(0, -1)], { edits: [edit] }).logits.slice(prompt.length - 1);
}

/**
 * The same through the daemon, without moving anything: what came before the move is the prompt of a request whose prompt is
 * steered with the old strength and whose answer is steered with the new one. The first row is token t − 1's.
 */
export async function daemonRows(rpc: RpcClient, model: string, use: string, proof: Proof, movedAt: number): Promise<number[][]> {
  const { prompt, forced, layer, before, after } = proof;
  const control = (strength: number) => ({ use, strength, with: { layers: [layer] } });
  const stream = `proof-${use.replace("/", "-")}-${movedAt}`;
  await rpc.answer("generate.complete", {
    model,
    stream,
    tokens: [...prompt, ...forced.slice(0, movedAt - 1)],
    forced: forced.slice(movedAt - 1),
    logits: true,
    steering: { rack: { controls: { old: control(before), new: control(after) }, scope: { old: "prompt", new: "answer" } } },
    sampling: { maxTokens: forced.length },
  });
  return rpc.tokens(stream).map(({ logits }: { logits: number[] }) => logits);
}
