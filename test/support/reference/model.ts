/**
 * An independent forward pass of the Llama architecture in float64: what the native core is compared with.
 * It shares no code with the core and none with llama.cpp; it is slow and keeps no cache.
 */
import { dot, multiply, rmsNorm, rotate, silu, softmax } from "./maths.ts";
import { type ForwardOptions, SiteTable } from "./sites.ts";
import { type LayerWeights, loadWeights, type ReferenceFacts, type ReferenceWeights } from "./weights.ts";

export interface ForwardResult {
  /** [V] per token */
  readonly logits: Float64Array[];
  /** `${site}@${layer}` → one vector per token */
  readonly sites: Map<string, Float64Array[]>;
}

export class ReferenceModel {
  readonly #weights: ReferenceWeights;

  private constructor(weights: ReferenceWeights) {
    this.#weights = weights;
  }

  /** Reads a GGUF file of the architecture "llama"; quantised weights (Q8_0, Q4_0, Q4_K, halves) are dequantised. */
  static load(path: string): ReferenceModel {
    return new ReferenceModel(loadWeights(path));
  }

  get facts(): ReferenceFacts {
    return this.#weights.facts;
  }

  /** One sequence from position 0. */
  forward(tokens: readonly number[], options: ForwardOptions = {}): ForwardResult {
    const { facts, embedding, layers, finalNorm, head } = this.#weights;
    const sites = new SiteTable(options, facts.layers);
    let xs: Float64Array[] = tokens.map((token) => {
      if (!(token >= 0 && token < facts.vocabulary)) throw new RangeError(`there is no token ${token}`);
      return Float64Array.from(embedding.subarray(token * facts.d, (token + 1) * facts.d));
    });
    xs = sites.visit("embd", 0, xs);
    for (const [layer, weights] of layers.entries()) xs = this.#block(xs, layer, weights, sites);
    const final = sites.visit(
      "final",
      0,
      xs.map((x) => rmsNorm(x, finalNorm, facts.epsilon)),
    );
    return { logits: multiply(head, facts.vocabulary, final), sites: sites.captured };
  }

  #block(xs: Float64Array[], layer: number, weights: LayerWeights, sites: SiteTable): Float64Array[] {
    const { d, f, epsilon } = this.facts;
    const heads = sites.visit("attn.heads", layer, this.#attention(xs, weights));
    const attended = sites.visit("attn.out", layer, multiply(weights.output, d, heads));
    // without post-norms *.add is *.out; the edits of both sites run one after the other
    const middle = add(xs, sites.visit("attn.add", layer, attended));

    const normed = middle.map((x) => rmsNorm(x, weights.mlpNorm, epsilon));
    const gate = sites.visit("mlp.gate", layer, multiply(weights.gate, f, normed));
    const up = sites.visit("mlp.up", layer, multiply(weights.up, f, normed));
    const act = sites.visit(
      "mlp.act",
      layer,
      gate.map((g) => g.map(silu)),
    );
    const mid = sites.visit(
      "mlp.mid",
      layer,
      act.map((a, t) => a.map((value, i) => value * up[t]![i]!)),
    );
    const out = sites.visit("mlp.out", layer, multiply(weights.down, d, mid));
    return sites.visit("resid", layer, add(middle, sites.visit("mlp.add", layer, out)));
  }

  /** Causal attention with shared key heads (GQA); gives the heads' outputs side by side, [H·dh] per token. */
  #attention(xs: readonly Float64Array[], weights: LayerWeights): Float64Array[] {
    const { heads, kvHeads, headDim, epsilon } = this.facts;
    const normed = xs.map((x) => rmsNorm(x, weights.attnNorm, epsilon));
    const queries = multiply(weights.query, heads * headDim, normed);
    const keys = multiply(weights.key, kvHeads * headDim, normed);
    const values = multiply(weights.value, kvHeads * headDim, normed);
    const part = (vector: Float64Array, head: number) => vector.subarray(head * headDim, (head + 1) * headDim);
    for (let t = 0; t < xs.length; t++) {
      for (let h = 0; h < heads; h++) rotate(part(queries[t]!, h), t, this.#weights.rope);
      for (let h = 0; h < kvHeads; h++) rotate(part(keys[t]!, h), t, this.#weights.rope);
    }
    return queries.map((query, t) => {
      const out = new Float64Array(heads * headDim);
      for (let h = 0; h < heads; h++) {
        const shared = Math.floor(h / (heads / kvHeads));
        const scores = Float64Array.from({ length: t + 1 }, (_, s) => dot(part(query, h), part(keys[s]!, shared)) / Math.sqrt(headDim));
        softmax(scores);
        const target = part(out, h);
        for (let s = 0; s <= t; s++) {
          const value = part(values[s]!, shared);
          for (let i = 0; i < headDim; i++) target[i]! += scores[s]! * value[i]!;
        }
      }
      return out;
    });
  }
}

function add(a: readonly Float64Array[], b: readonly Float64Array[]): Float64Array[] {
  return a.map((x, t) => x.map((value, i) => value + b[t]![i]!));
}
