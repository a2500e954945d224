/** Which profiles one sequence uses: a phase has one per state of the gates, and gates move as the probes are read. */

import type { Phase } from "../../protocol/rules/columns.ts";
import type { NativeContext } from "../model/native.ts";
import { type LoweredGate, type LoweredPlan, PLAIN_FINGERPRINT } from "./lowered.ts";
import { type Layout, probeKey } from "./topology.ts";

interface Prefix {
  /** position of its first row */
  readonly at: number;
  /** of each row */
  readonly slots: readonly number[];
}

export class Binding {
  readonly plan: LoweredPlan | null;
  readonly #context: NativeContext;
  readonly #sequence: number;
  readonly #prompt: readonly number[];
  readonly #last: readonly number[];
  readonly #answer: readonly number[];
  readonly #prefix: Prefix;
  #bits = 0;
  #layout: Layout | null = null;
  #readings: number[] = [];

  constructor(
    context: NativeContext,
    sequence: number,
    plan: LoweredPlan | null,
    { prompt, last, answer, prefix }: Record<Phase, readonly number[]> & { prefix: Prefix },
  ) {
    this.#context = context;
    this.#sequence = sequence;
    this.plan = plan;
    this.#prompt = prompt;
    this.#last = last;
    this.#answer = answer;
    this.#prefix = prefix;
  }

  get slots(): number[] {
    return [...this.#prompt, ...this.#prefix.slots, ...this.#last, ...this.#answer];
  }

  get bits(): number {
    return this.#bits;
  }

  /** Whether the gates' states mean the same under another plan. */
  sameGates(plan: LoweredPlan): boolean {
    const mine = this.plan?.gates ?? [];
    return mine.length === plan.gates.length && mine.every((gate, i) => probeKey(gate.probe) === probeKey(plan.gates[i]!.probe));
  }

  get answerFingerprint(): string {
    return this.plan?.answer.variants[this.#bits]?.fingerprint ?? PLAIN_FINGERPRINT;
  }

  /** Stages the profiles of all positions from `from` on. @returns the staging version */
  apply(from: number, promptLength: number, bits: number): number {
    this.#bits = bits;
    const bind = (position: number, slot: number): number => this.#context.bind(this.#sequence, position, slot);
    if (from < promptLength) {
      const { at, slots } = this.#prefix;
      bind(from, this.#prompt[0] ?? 0);
      for (const [row, slot] of slots.entries()) if (at + row >= from) bind(at + row, slot);
      const end = at + slots.length;
      if (from < end && slots.length > 0) bind(end, this.#prompt[0] ?? 0);
      if (this.#last[0] !== this.#prompt[0]) bind(promptLength - 1, this.#last[0] ?? 0);
    }
    return bind(Math.max(from, promptLength), this.#answer[bits] ?? 0);
  }

  /** The reading of one row decides about the position that comes next. */
  read(readings: Float32Array, row: number, layout: Layout, next: number): void {
    const gates = this.plan?.gates;
    if (gates === undefined || gates.length === 0) return;
    if (this.#layout !== layout) {
      this.#layout = layout;
      this.#readings = gates.map((gate) => layout.probes.get(probeKey(gate.probe))?.index ?? -1);
    }
    let bits = 0;
    for (let i = 0; i < gates.length; i++) {
      const index = this.#readings[i]!;
      if (index >= 0 && opens(gates[i]!, readings[row * layout.readings + index]!)) bits |= 1 << i;
    }
    if (bits === this.#bits) return;
    this.#bits = bits;
    this.#context.bind(this.#sequence, next, this.#answer[bits] ?? 0);
  }
}

export function opens(gate: LoweredGate, reading: number): boolean {
  switch (gate.compare) {
    case ">":
      return reading > gate.threshold;
    case ">=":
      return reading >= gate.threshold;
    case "<":
      return reading < gate.threshold;
    case "<=":
      return reading <= gate.threshold;
    default:
      gate.compare satisfies never;
      return false;
  }
}
