/** What the loop knows of a piece of work: a prompt to read and, for answers, tokens to write. */
import type { Answer } from "../../protocol/api/generate.ts";
import type { TillerError } from "../../protocol/errors.ts";
import type { ProbeSpec } from "../../protocol/ops.ts";
import type { SiteAddress } from "../../protocol/sites.ts";
import type { DecodeResult, NativeContext } from "../model/native.ts";
import type { Binding } from "../steering/binding.ts";
import type { LoweredPlan } from "../steering/lowered.ts";
import type { Layout } from "../steering/topology.ts";

export type StopReason = Answer["reason"];

/** The rows of one task in a finished decode. One object is reused for all. */
export interface Rows {
  result: DecodeResult;
  /** of the topology that the decode ran under */
  layout: Layout;
  /** first row of the task in the request, their number, and the position of the first */
  row: number;
  count: number;
  position: number;
  /** index of the task's first output row in the result, and of its first logits row */
  output: number;
  logits: number;
  /** width of a row of logits */
  readonly vocabulary: number;
}

/** Whose a request is, by its id `<account>/<client>:<stream>`: for the fair queue, and for who may reuse what was read. */
export function callerOf(id: string): { readonly account: string; readonly client: string } {
  const [client = "", account = ""] = [id.split(":", 1)[0], id.split(/[/:]/, 1)[0]];
  return { account, client };
}

export interface Start {
  readonly sequence: number;
  readonly reused: number;
  readonly context: NativeContext;
  readonly binding: Binding;
  readonly now: number;
}

/**
 * Further streams of an answer: each a sequence that is fed the same tokens and whose row stands in the same batch, from the prompt's
 * last one on. `toward`, `against`, `plain`: what they are for, by index; −1 the answer's own, null nothing.
 */
export interface LockStep {
  readonly companions: readonly Task[];
  readonly toward: number | null;
  readonly against: number | null;
  readonly plain: number | null;
  /** the sequences sample each its own tokens, from one beginning, and take over what one of them holds */
  readonly fork?: Fork;
}

/** @see engine/decoding/best-of.ts */
export interface Fork {
  /** whose sequence all others take over before they go on: 0 the leader's, else a companion's; null: none */
  source(): number | null;
  /** they did */
  forked(): void;
}

export interface Task {
  /** `<account>/<client>:<stream>` */
  readonly id: string;
  /** the token whose work it is: no other one's prompts are continued from what this one read */
  readonly account: string;
  readonly client: string;
  readonly prompt: Int32Array;
  readonly plan: LoweredPlan | null;
  /** position in the prompt of the first row of the plan's prefix; left out: there is none */
  readonly prefixAt?: number;
  readonly probes: readonly ProbeSpec[];
  readonly taps: readonly SiteAddress[];
  /** whether a cached prefix may stand for the beginning of the prompt */
  readonly reuse: boolean;
  /** which prompt rows have their activations copied */
  readonly capture: "none" | "last" | "all";
  /** what the prompt's rows ask for: all but the last, and the last */
  readonly promptOutput: number;
  readonly lastOutput: number;
  /** prompt rows before this one ask for nothing; left out: 0 */
  readonly outputFrom?: number;
  /** class of the running statistics that the prompt's tokens are counted in; left out: they are not counted */
  readonly countAs?: number | undefined;
  /** most prompt rows in one step */
  readonly chunk: number;
  /** of the rows with an output: sampler id or −1; valid after `start` */
  readonly sampler: number;
  /** what a row of the answer asks for */
  readonly answerOutput: number;
  /** the token to feed next once the prompt is read; −1: the task is complete */
  readonly next: number;
  /** whether the token that the next step samples is surely not the last by its number; left out: it may be */
  readonly goesOn?: boolean;
  /** when its request came, in milliseconds; left out: not together with any other */
  readonly received?: number;
  readonly lockStep?: LockStep;
  /** it waits for what is decoded beside it and has no row in the next step; left out: it does not */
  readonly rests?: boolean;
  /** size of the grammar that its tokens follow; left out: none */
  readonly grammar?: number | undefined;
  /** What the decode that is about to be asked for runs under. */
  reads?(layout: Layout): void;
  /** Takes note of time that choosing its tokens took, beyond what sampling takes without a grammar. */
  charge?(micros: number): void;
  /** why it must end at the next step, null while it may go on */
  readonly stop: StopReason | null;
  start(start: Start): void;
  /** Takes what a decode gave; kept short, for the next decode waits for it. */
  took(rows: Rows): void;
  /** Sends what is to be sent; runs while the next decode does. */
  publish(now: number): void;
  end(reason: StopReason): void;
  fail(error: TillerError): void;
}
