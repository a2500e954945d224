/** What discovery needs of a model: its shape, and the weights behind its heads and neurons. */
import type { CompileModel } from "../../compiler/types.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { SiteName } from "../../protocol/sites.ts";
import type { Lab } from "../contract.ts";
import type { AttentionWeights } from "./heads.ts";
import type { Shape } from "./means.ts";

/** The residual after a block and what both sublayers add to it, m, and the heads' outputs. */
export const READ_SITES = ["resid", "attn.add", "mlp.add", "mlp.mid", "attn.heads"] as const satisfies readonly SiteName[];

/** Weights of all layers stay in memory up to here; of a larger model each layer's are read again when they are needed. */
const KEPT_BYTES = 512 * 1024 ** 2;

/** @throws TillerError not-supported where a layer lacks a site, or layers are not alike */
export function shapeOf({ id, facts, sites }: CompileModel): Shape {
  const { layers, width, headDim } = facts;
  for (let layer = 0; layer < layers; layer++)
    for (const site of READ_SITES) {
      const there = sites.find((one) => one.site === site && one.layer === layer);
      if (there?.live !== true)
        throw new TillerError(
          "not-supported",
          `emotion circuits need ${site} at every layer; ${id} has none at layer ${layer}: ${there?.reason ?? "it does not exist"}`,
        );
    }
  const [heads, neurons] = [facts.heads[0]!, facts.mlpWidth[0]!];
  const z = sites.find(({ site }) => site === "attn.heads")!.width;
  if (facts.heads.some((one) => one !== heads) || facts.mlpWidth.some((one) => one !== neurons))
    throw new TillerError("not-supported", `emotion circuits need layers of one shape; those of ${id} differ`);
  if (facts.normEpsilon === null)
    throw new TillerError("not-supported", `emotion circuits reckon with RMS norms, which ${id} does not have`);
  return { layers, width, neurons, heads, headDim: z % heads === 0 ? z / heads : headDim };
}

export class Weights {
  readonly #lab: Pick<Lab, "weights" | "model">;
  readonly #keeps: boolean;
  readonly #known = new Map<number, AttentionWeights>();

  constructor(lab: Pick<Lab, "weights" | "model">, { layers, width, heads, headDim }: Shape) {
    this.#lab = lab;
    this.#keeps = layers * width * heads * headDim * 4 <= KEPT_BYTES;
  }

  /** @throws TillerError not-supported where the MLP's input is not the norm of the residual after attention */
  async attention(layer: number): Promise<AttentionWeights> {
    const known = this.#known.get(layer);
    if (known !== undefined) return known;
    const [output, before, behind] = [
      await this.#matrix(`blk.${layer}.attn_output.weight`),
      await this.#vector(`blk.${layer}.ffn_norm.weight`),
      await this.#vector(`blk.${layer}.post_attention_norm.weight`),
    ];
    // without a norm of that name the one behind attention stands before the MLP
    const norm = before ?? behind;
    if (norm === null)
      throw new TillerError(
        "not-supported",
        `the heads' part in ${this.#lab.model.id} cannot be reckoned: its MLP does not read a norm of the residual after attention`,
      );
    const weights = { output, norm, postNorm: before === null ? null : behind, epsilon: this.#lab.model.facts.normEpsilon! };
    if (this.#keeps) this.#known.set(layer, weights);
    return weights;
  }

  /** W_down, [d × f] */
  down(layer: number): Promise<Float32Array> {
    return this.#matrix(`blk.${layer}.ffn_down.weight`);
  }

  async #matrix(tensor: string): Promise<Float32Array> {
    const { shape } = await this.#lab.weights({ tensor, rows: null });
    const { data } = await this.#lab.weights({ tensor, rows: { start: 0, count: shape[1] ?? 1 } });
    return data!;
  }

  async #vector(tensor: string): Promise<Float32Array | null> {
    try {
      return (await this.#lab.weights({ tensor, rows: { start: 0, count: 1 } })).data;
    } catch (error) {
      if (error instanceof TillerError && error.code === "not-found") return null;
      throw error;
    }
  }
}
