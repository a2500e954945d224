/** A further stream of an answer: the same tokens under other steering. It has no say of its own; the loop ends it with its leader. */

import type { StopReason, Task } from "../loop/task.ts";
import { OUTPUT_NONE, OUTPUT_SAMPLE } from "../model/native.ts";
import type { LoweredPlan } from "../steering/lowered.ts";

/** Steering of a further stream, and the answer's prompt with the rows of its own prefix. */
export interface StreamInput {
  readonly plan: LoweredPlan | null;
  readonly prompt: Int32Array;
  readonly prefixAt: number;
}

export class Companion implements Task {
  readonly id: string;
  readonly account: string;
  readonly client: string;
  readonly prompt: Int32Array;
  readonly plan: LoweredPlan | null;
  readonly prefixAt: number;
  readonly probes = [];
  readonly taps = [];
  readonly reuse = true;
  readonly capture = "none";
  readonly promptOutput = OUTPUT_NONE;
  readonly lastOutput = OUTPUT_SAMPLE;
  readonly answerOutput = OUTPUT_SAMPLE;
  readonly chunk = Number.POSITIVE_INFINITY;
  readonly sampler = -1;
  readonly received: number;
  readonly stop: StopReason | null = null;
  readonly #leader: Task;

  /** @param name what tells it from the others of its leader */
  constructor(leader: Task, name: string, { plan, prompt, prefixAt }: StreamInput, received: number) {
    this.#leader = leader;
    this.id = `${leader.id}#${name}`;
    this.account = leader.account;
    this.client = leader.client;
    this.prompt = prompt;
    this.prefixAt = prefixAt;
    this.plan = plan;
    this.received = received;
  }

  get next(): number {
    return this.#leader.next;
  }

  get goesOn(): boolean {
    return this.#leader.goesOn === true;
  }

  start(): void {}
  took(): void {}
  publish(): void {}
  end(): void {}
  fail(): void {}
}
