/** The prompt's own tokens with the probability that the model gave each, read while the prompt is. */
import type { PromptToken } from "../../protocol/api/generate.ts";
import { TillerError } from "../../protocol/errors.ts";
import { forcedOf } from "../loop/logprobs.ts";
import type { Rows } from "../loop/task.ts";
import { Utf8Stream } from "../loop/text.ts";
import type { Vocabulary } from "../model/vocabulary.ts";
import { refusePrefix } from "../prompt/place-prefix.ts";
import type { LoweredPlan } from "../steering/lowered.ts";

/** Logits that one step may copy out. */
const STEP_BYTES = 64 * 1024 ** 2;

export function echoChunk(vocabulary: number): number {
  return Math.max(1, Math.floor(STEP_BYTES / (vocabulary * 4)));
}

export class PromptEcho {
  readonly tokens: PromptToken[] = [];
  readonly #prompt: Int32Array;
  readonly #top: number;
  readonly #vocabulary: Vocabulary;
  readonly #utf8 = new Utf8Stream();

  /** @param from the first token of the client's own: one that the model's tokenizer put before it is not told */
  constructor(prompt: Int32Array, from: number, top: number, vocabulary: Vocabulary) {
    this.#prompt = prompt;
    this.#top = top;
    this.#vocabulary = vocabulary;
    if (from === 0) this.#add(prompt[0]!, null);
  }

  /**
   * The row of a token predicts the next one.
   * @returns how many rows of logits of these are the prompt's; the answer's come after them
   */
  read(rows: Rows): number {
    let read = 0;
    for (let position = rows.position; position < rows.position + rows.count; position++) {
      const next = this.#prompt[position + 1];
      if (next === undefined) break;
      this.#add(next, forcedOf({ ...rows, logits: rows.logits + read }, next, this.#top, this.#vocabulary));
      read++;
    }
    return read;
  }

  #add(id: number, given: ReturnType<typeof forcedOf> | null): void {
    const { bytes, whole, part } = this.#vocabulary.entry(id);
    this.tokens.push({
      id,
      text: this.#utf8.push(bytes, whole),
      logprob: given?.logprob ?? null,
      ...(part === null ? {} : { bytes: part }),
      ...(given === null || this.#top === 0 ? {} : { top: given.top }),
    });
  }
}

/** What is scored counts as written by the model. @throws TillerError not-supported for gates, which go from token to token */
export function echoedPlan(plan: LoweredPlan | null): LoweredPlan | null {
  if (plan === null) return null;
  refusePrefix(plan, "echo", "echo");
  if (plan.gates.length > 0)
    throw new TillerError("not-supported", "echo: gates (`when`) look at one token to govern the next, and a prompt is read at once", {
      field: "echo",
    });
  return { ...plan, prompt: plan.answer };
}
