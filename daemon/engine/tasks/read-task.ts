/** A prompt that is read for what is inside it, without an answer: taps and the collecting of activations. */
import type { TillerError } from "../../protocol/errors.ts";
import type { SiteAddress } from "../../protocol/sites.ts";
import { callerOf, type Rows, type StopReason, type Task } from "../loop/task.ts";
import { type Capture, OUTPUT_LOGITS, OUTPUT_NONE } from "../model/native.ts";
import type { LoweredPlan } from "../steering/lowered.ts";

export interface ReadInput {
  readonly id: string;
  /** with the rows of the plan's prefix */
  readonly prompt: Int32Array;
  readonly plan: LoweredPlan | null;
  /** see Task */
  readonly prefixAt?: number;
  readonly taps: readonly SiteAddress[];
  readonly capture: "none" | "last" | "all";
  readonly logits: boolean;
  /** first row whose logits are wanted; left out: 0 */
  readonly logitsFrom?: number;
  /** see Task */
  readonly countAs?: number;
  /** most rows in one step, so that what is copied out stays small */
  readonly chunk: number;
  /** one call per step with its rows */
  readonly took: (rows: Rows) => void;
  readonly done: (stopped: StopReason | null) => void;
  readonly failed: (error: TillerError) => void;
}

export class ReadTask implements Task {
  readonly id: string;
  readonly account: string;
  readonly client: string;
  readonly prompt: Int32Array;
  readonly plan: LoweredPlan | null;
  readonly prefixAt: number;
  readonly probes = [];
  readonly taps: readonly SiteAddress[];
  readonly reuse = false;
  readonly capture: "none" | "last" | "all";
  readonly promptOutput: number;
  readonly lastOutput: number;
  readonly outputFrom: number;
  readonly countAs: number | undefined;
  readonly chunk: number;
  readonly sampler = -1;
  readonly answerOutput = OUTPUT_NONE;
  readonly next = -1;
  stop: StopReason | null = null;
  readonly #input: ReadInput;
  #read = 0;
  #over = false;

  constructor(input: ReadInput) {
    this.#input = input;
    this.id = input.id;
    const { account, client } = callerOf(input.id);
    this.account = account;
    this.client = client;
    this.prompt = input.prompt;
    this.plan = input.plan;
    this.prefixAt = input.prefixAt ?? 0;
    this.taps = input.taps;
    this.capture = input.capture;
    this.promptOutput = input.logits ? OUTPUT_LOGITS : OUTPUT_NONE;
    this.lastOutput = this.promptOutput;
    this.outputFrom = input.logitsFrom ?? 0;
    this.countAs = input.countAs;
    this.chunk = input.chunk;
  }

  start(): void {}

  took(rows: Rows): void {
    this.#input.took(rows);
    this.#read = rows.position + rows.count;
  }

  publish(): void {
    if (this.#over || this.#read < this.prompt.length) return;
    this.#over = true;
    this.#input.done(null);
  }

  end(reason: StopReason): void {
    this.#over = true;
    this.#input.done(reason);
  }

  fail(error: TillerError): void {
    this.#over = true;
    this.#input.failed(error);
  }
}

/** The captured rows of one task in a decode, [rows × width], or null when it has none. A view, not a copy. */
export function capturedRows(captures: readonly Capture[], place: SiteAddress, rows: Rows): Float32Array | null {
  const capture = captures.find((one) => one.site === place.site && one.layer === place.layer);
  if (capture === undefined) return null;
  let start = 0;
  while (start < capture.rows.length && capture.rows[start]! < rows.row) start++;
  let end = start;
  while (end < capture.rows.length && capture.rows[end]! < rows.row + rows.count) end++;
  return end === start ? null : capture.data.subarray(start * capture.width, end * capture.width);
}
