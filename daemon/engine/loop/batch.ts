/** The arrays of one decode, kept from step to step so that a token allocates next to nothing. */
import { type DecodeRequest, LINK_NONE, LINK_OWN, LINKS, OUTPUT_LOGITS, OUTPUT_NONE } from "../model/native.ts";
import type { Sequence } from "./sequence.ts";

export class BatchBuffers {
  readonly limit: number;
  count = 0;
  readonly #tokens: Int32Array;
  readonly #positions: Int32Array;
  readonly #sequences: Int32Array;
  readonly #outputs: Uint8Array;
  readonly #samplers: Int32Array;
  readonly #capture: Uint8Array;
  readonly #classes: Int32Array;
  readonly #links: Int32Array;
  #captures = false;
  #counts = false;
  #linked = false;

  constructor(limit: number) {
    this.limit = limit;
    this.#tokens = new Int32Array(limit);
    this.#positions = new Int32Array(limit);
    this.#sequences = new Int32Array(limit);
    this.#outputs = new Uint8Array(limit);
    this.#samplers = new Int32Array(limit);
    this.#capture = new Uint8Array(limit);
    this.#classes = new Int32Array(limit);
    this.#links = new Int32Array(limit * LINKS);
  }

  clear(): void {
    this.count = 0;
    this.#captures = false;
    this.#counts = false;
    this.#linked = false;
  }

  wantsLogits(row: number): boolean {
    return this.#outputs[row] === OUTPUT_LOGITS;
  }

  /** The next token of an answer. */
  answer(sequence: Sequence, capture: boolean): void {
    const task = sequence.task!;
    this.#add(task.next, sequence.fed, sequence.id, task.answerOutput, task.sampler, capture, -1);
  }

  /** The next `rows` tokens of a prompt. */
  prompt(sequence: Sequence, rows: number): void {
    const task = sequence.task!;
    const end = task.prompt.length - 1;
    for (let position = sequence.fed; position < sequence.fed + rows; position++) {
      const last = position === end;
      const output = last ? task.lastOutput : position < (task.outputFrom ?? 0) ? OUTPUT_NONE : task.promptOutput;
      const capture = task.capture === "all" || (last && task.capture === "last");
      this.#add(task.prompt[position]!, position, sequence.id, output, last ? task.sampler : -1, capture, task.countAs ?? -1);
    }
  }

  /** The last rows of an answer and of its further streams, all in this batch. */
  link(sequence: Sequence): void {
    const { toward, against, plain } = sequence.task!.lockStep!;
    const rowOf = (stream: number | null): number => {
      if (stream === null) return LINK_NONE;
      const companion = sequence.companions[stream];
      return companion === undefined ? LINK_OWN : companion.row + companion.rows - 1;
    };
    if (!this.#linked) this.#links.fill(LINK_NONE);
    this.#linked = true;
    this.#links.set([toward, against, plain].map(rowOf), (sequence.row + sequence.rows - 1) * LINKS);
  }

  /** @param ahead, threads see DecodeRequest */
  request(ahead: boolean, threads?: number): DecodeRequest {
    const n = this.count;
    return {
      tokens: this.#tokens.subarray(0, n),
      positions: this.#positions.subarray(0, n),
      sequences: this.#sequences.subarray(0, n),
      outputs: this.#outputs.subarray(0, n),
      samplers: this.#samplers.subarray(0, n),
      capture: this.#captures ? this.#capture.subarray(0, n) : null,
      classes: this.#counts ? this.#classes.subarray(0, n) : null,
      links: this.#linked ? this.#links.subarray(0, n * LINKS) : null,
      ahead,
      ...(threads === undefined ? {} : { threads }),
    };
  }

  #add(token: number, position: number, sequence: number, output: number, sampler: number, capture: boolean, counted: number): void {
    const row = this.count++;
    this.#tokens[row] = token;
    this.#positions[row] = position;
    this.#sequences[row] = sequence;
    this.#outputs[row] = output;
    this.#samplers[row] = output === OUTPUT_NONE ? -1 : sampler;
    this.#capture[row] = capture ? 1 : 0;
    this.#captures ||= capture;
    this.#classes[row] = counted;
    this.#counts ||= counted >= 0;
  }
}
