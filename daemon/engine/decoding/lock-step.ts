/** The further streams of an answer's rule of decoding, and how far from the plain model it came. */
import type { DecodingReport } from "../../protocol/decoding.ts";
import type { EngineDecoding } from "../../protocol/engine-api.ts";
import type { LockStep, Rows, Task } from "../loop/task.ts";
import { Companion, type StreamInput } from "./companion.ts";

export function lockStepFor(
  leader: Task,
  { contrast, plain }: Pick<EngineDecoding, "contrast" | "plain">,
  streams: readonly StreamInput[],
  received: number,
): LockStep {
  return {
    companions: streams.map((stream, index) => new Companion(leader, `stream${index}`, stream, received)),
    toward: contrast?.toward ?? null,
    against: contrast?.against ?? null,
    plain,
  };
}

/** Sums the divergences of an answer's tokens, in nats. */
export class Divergence {
  #total = 0;
  #max = 0;
  #tokens = 0;

  /** @returns that of the row that was just decoded */
  read({ result, output }: Rows): number {
    const kl = result.divergences[output]!;
    this.#total += kl;
    this.#max = Math.max(this.#max, kl);
    this.#tokens++;
    return kl;
  }

  get summary(): NonNullable<DecodingReport["kl"]> {
    return { total: this.#total, mean: this.#tokens === 0 ? 0 : this.#total / this.#tokens, max: this.#max, tokens: this.#tokens };
  }
}
