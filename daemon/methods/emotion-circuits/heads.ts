/**
 * How much of an emotion's direction in the MLP's input comes from each head (methods card, step 5): the projection of the
 * normalised residual after attention, less the same with the head's part of W_o's input at zero.
 *
 * Masking a head changes nothing at its layer but W_o·z, so no model is run again for it: the residual is reckoned without the
 * head and normalised again. The norm's gain and the mean over samples are linear in the direction, so what is summed needs no
 * direction, and one pass is enough.
 */

export interface AttentionWeights {
  /** W_o, [d × H·dh] */
  readonly output: Float32Array;
  /** gain of the norm before the MLP, [d] */
  readonly norm: Float32Array;
  /** gain of a norm behind W_o, as Gemma has it */
  readonly postNorm: Float32Array | null;
  readonly epsilon: number;
}

/** At one layer: sums of the MLP's input over samples, [(H + 1) × d]: with all heads first, then without each. */
export class HeadSums {
  readonly #heads: number;
  readonly #width: number;
  readonly #sums: Float64Array;
  #samples = 0;

  constructor(heads: number, width: number) {
    this.#heads = heads;
    this.#width = width;
    this.#sums = new Float64Array((heads + 1) * width);
  }

  /**
   * @param attn residual after attention [d]
   * @param added what attention added to it [d]
   * @param z outputs of the heads [H·dh]
   */
  add(attn: Float32Array, added: Float32Array, z: Float32Array, weights: AttentionWeights): void {
    const [H, d] = [this.#heads, this.#width];
    const parts = partsOf(z, weights.output, H, d);
    this.#take(0, attn, weights);
    const without = new Float64Array(d);
    for (let h = 0; h < H; h++) {
      const part = parts.subarray(h * d, (h + 1) * d);
      if (weights.postNorm === null) for (let i = 0; i < d; i++) without[i] = attn[i]! - part[i]!;
      else {
        for (let i = 0; i < d; i++) {
          let out = 0;
          for (let other = 0; other < H; other++) if (other !== h) out += parts[other * d + i]!;
          without[i] = out;
        }
        const scale = 1 / rootMeanSquare(without, weights.epsilon);
        for (let i = 0; i < d; i++) without[i] = attn[i]! - added[i]! + without[i]! * scale * weights.postNorm[i]!;
      }
      this.#take(h + 1, without, weights);
    }
    this.#samples++;
  }

  #take(row: number, residual: ArrayLike<number>, { norm, epsilon }: AttentionWeights): void {
    const scale = 1 / rootMeanSquare(residual, epsilon);
    const at = row * this.#width;
    for (let i = 0; i < this.#width; i++) this.#sums[at + i]! += residual[i]! * scale * norm[i]!;
  }

  /** proj_base − proj_masked of each head, mean over samples. @param direction v_attn of the layer [d] */
  importance(direction: ArrayLike<number>): Float64Array {
    const project = (row: number): number => {
      let sum = 0;
      for (let i = 0; i < this.#width; i++) sum += this.#sums[row * this.#width + i]! * direction[i]!;
      return sum / Math.max(1, this.#samples);
    };
    const base = project(0);
    return Float64Array.from({ length: this.#heads }, (_, h) => base - project(h + 1));
  }
}

/** W_o[:, h]·z_h of each head, [H × d]. */
function partsOf(z: Float32Array, output: Float32Array, heads: number, width: number): Float64Array {
  const size = z.length / heads;
  const parts = new Float64Array(heads * width);
  for (let i = 0; i < width; i++) {
    const row = i * z.length;
    for (let h = 0; h < heads; h++) {
      let sum = 0;
      for (let k = h * size; k < (h + 1) * size; k++) sum += output[row + k]! * z[k]!;
      parts[h * width + i] = sum;
    }
  }
  return parts;
}

function rootMeanSquare(values: ArrayLike<number>, epsilon: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return Math.sqrt(sum / values.length + epsilon);
}
