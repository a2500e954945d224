/** One of the blocks that are sampled side by side: its tokens with all that a decode said of them, until one block is chosen. */

import type { Rows } from "../loop/task.ts";
import { findStop } from "../loop/text.ts";
import type { DecodeResult } from "../model/native.ts";

/** `writing`; `waiting`: its block is complete; `ended`: the answer would end with it; `cut`: so it would, by a limit. */
export type CandidateState = "writing" | "waiting" | "ended" | "cut";

export interface Limits {
  /** tokens of a block; "sentence": to the end of one; null: the whole answer */
  readonly block: number | "sentence" | null;
  /** tokens of the whole answer, and positions of the context */
  readonly maxTokens: number;
  readonly contextSize: number;
  readonly stops: readonly string[];
  readonly ends: (token: number) => boolean;
  readonly bytes: (token: number) => Uint8Array;
}

/** A sentence ends here, as far as a text alone tells: a mark, closing quotes, or a line's end. */
const SENTENCE_END = /(?:[.!?…。！？]["'”’»)\]]*\s*|\n)$/;

export class Candidate {
  state: CandidateState = "writing";
  sampler = -1;
  /** sampled last, which is fed next */
  next = -1;
  readonly #limits: Limits;
  #steps: Rows[] = [];
  /** of the whole answer so far */
  #bytes: Uint8Array[] = [];
  #tokens = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get steps(): readonly Rows[] {
    return this.#steps;
  }

  get tokens(): number {
    return this.#tokens;
  }

  /** without a stop string and what follows it */
  get text(): string {
    const text = this.#text();
    const stop = findStop(text, this.#limits.stops);
    return stop < 0 ? text : text.slice(0, stop);
  }

  /** Whether the token that the next step samples is surely not the last of its block by its number. */
  get goesOn(): boolean {
    const { block, maxTokens } = this.#limits;
    return this.#tokens + 1 < maxTokens && (block === null || (block !== "sentence" && this.#steps.length + 1 < block));
  }

  /** Takes what a decode gave for its row. */
  took(rows: Rows): void {
    const step = frozen(rows);
    this.#steps.push(step);
    const id = step.result.sampled[0]!;
    if (id < 0 || this.#limits.ends(id)) {
      this.state = id < 0 ? "cut" : "ended";
      return;
    }
    this.next = id;
    this.#tokens++;
    this.#bytes.push(this.#limits.bytes(id));
    const { block, maxTokens, contextSize, stops } = this.#limits;
    const text = stops.length > 0 || block === "sentence" ? this.#text() : "";
    if (findStop(text, stops) >= 0) this.state = "ended";
    else if (this.#tokens >= maxTokens || step.position + 1 >= contextSize) this.state = "cut";
    else if (block === "sentence" ? SENTENCE_END.test(text) : this.#steps.length === block) this.state = "waiting";
  }

  /** A new block, behind the one that was chosen. */
  follow(chosen: Candidate): void {
    this.#bytes = [...chosen.#bytes];
    this.#tokens = chosen.#tokens;
    this.next = chosen.next;
  }

  begin(): void {
    this.#steps = [];
    this.state = "writing";
  }

  #text(): string {
    return Buffer.concat(this.#bytes).toString("utf8");
  }
}

/** The last row of a task by itself, in arrays of its own: those of a decode go with it. */
function frozen({ result, layout, row, count, position, output, vocabulary }: Rows): Rows {
  const last = row + count - 1;
  const { topCount } = result;
  const one: DecodeResult = {
    ...result,
    rows: Int32Array.of(0),
    sampled: result.sampled.slice(output, output + 1),
    logprobs: result.logprobs.slice(output, output + 1),
    topTokens: result.topTokens.slice(output * topCount, (output + 1) * topCount),
    topLogprobs: result.topLogprobs.slice(output * topCount, (output + 1) * topCount),
    logits: new Float32Array(0),
    probes: result.probes.slice(last * layout.readings, (last + 1) * layout.readings),
    captures: [],
    divergences: new Float64Array(0),
  };
  return { result: one, layout, row: 0, count: 1, position: position + count - 1, output: 0, logits: 0, vocabulary };
}
