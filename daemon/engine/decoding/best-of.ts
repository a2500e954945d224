/**
 * Best of K, by blocks or whole (Mudgal et al. 2024, "Controlled Decoding from Language Models", section 3.2): K blocks are sampled
 * side by side from one beginning, the one with the largest reward is kept, and all go on from there. The answer that is told is
 * written from the chosen blocks' steps alone, so with K = 1 it is the plain one.
 */
import type { DecodingReport } from "../../protocol/decoding.ts";
import type { EngineDecoding } from "../../protocol/engine-api.ts";
import type { TillerError } from "../../protocol/errors.ts";
import type { ProbeSpec } from "../../protocol/ops.ts";
import type { LockStep, Rows, Start, StopReason, Task } from "../loop/task.ts";
import { type NativeContext, OUTPUT_NONE, OUTPUT_SAMPLE } from "../model/native.ts";
import type { LoweredPlan } from "../steering/lowered.ts";
import { Candidate, type Limits } from "./candidate.ts";
import { type Asked, askedOf, type Figures, type Score, scoreBy } from "./rewards.ts";
import { Scorers } from "./scorer.ts";

type Chosen = Pick<EngineDecoding, "scorers"> & { readonly best: NonNullable<EngineDecoding["best"]> };

/** What the answer is told through; it is in no loop. */
export interface Told extends Task {
  sampler: number;
  next: number;
  /** ends it with an error at the next step */
  giveUp(error: TillerError): void;
}

/** Asks judges outside the engine: the figures of each text. The loop is woken when they are here. */
export type AskJudges = (
  asked: Asked,
  texts: readonly string[],
  done: (figures: readonly Figures[]) => void,
  failed: (error: TillerError) => void,
) => void;

export class BestOf implements Task {
  readonly probes: readonly ProbeSpec[];
  readonly taps = [];
  readonly capture = "none";
  readonly promptOutput = OUTPUT_NONE;
  readonly lastOutput = OUTPUT_SAMPLE;
  readonly answerOutput = OUTPUT_SAMPLE;
  readonly chunk = Number.POSITIVE_INFINITY;
  readonly lockStep: LockStep;
  readonly #told: Told;
  readonly #seed: number;
  readonly #candidates: readonly Candidate[];
  readonly #score: Score;
  readonly #scorers: Scorers;
  readonly #asked: Asked;
  readonly #ask: AskJudges;
  #ended = false;
  #context: NativeContext | null = null;
  /** whose state all others take before they go on; null: nobody waits for that */
  #source: number | null;
  #blocks: NonNullable<DecodingReport["best"]>["blocks"] = [];
  #passes = 0;

  constructor(told: Told, seed: number, { best, scorers }: Chosen, limits: Limits, ask: AskJudges) {
    const { candidates, rewards } = best;
    const cut = Object.fromEntries(Object.entries(scorers).map(([id, scorer]) => [id, scorer.cut]));
    this.#scorers = new Scorers(scorers);
    this.probes = this.#scorers.probes;
    this.#asked = askedOf(rewards);
    this.#ask = ask;
    this.#told = told;
    this.#seed = seed;
    this.#score = scoreBy(rewards, cut);
    this.#candidates = Array.from({ length: candidates }, () => new Candidate(limits));
    this.#source = candidates === 1 ? null : 0;
    const rivals = this.#candidates.slice(1).map((candidate, index) => new Rival(this, index + 1, candidate));
    const fork = { source: () => this.#source, forked: () => this.#forked() };
    this.lockStep = { companions: rivals, toward: null, against: null, plain: null, fork };
  }

  get id(): string {
    return this.#told.id;
  }
  get account(): string {
    return this.#told.account;
  }
  get client(): string {
    return this.#told.client;
  }
  get prompt(): Int32Array {
    return this.#told.prompt;
  }
  get plan(): LoweredPlan | null {
    return this.#told.plan;
  }
  get prefixAt(): number {
    return this.#told.prefixAt ?? 0;
  }
  get reuse(): boolean {
    return this.#told.reuse;
  }
  get received(): number {
    return this.#told.received!;
  }
  get stop(): StopReason | null {
    return this.#told.stop;
  }
  get grammar(): number | undefined {
    return this.#told.grammar === undefined ? undefined : this.#told.grammar * this.#candidates.length;
  }
  get sampler(): number {
    return this.#candidates[0]!.sampler;
  }
  /** −1 once the answer is told to its end */
  get next(): number {
    return this.#blocks.length > 0 && this.#told.next < 0 ? -1 : Math.max(0, this.#candidates[0]!.next);
  }
  get rests(): boolean {
    return this.#candidates[0]!.state !== "writing";
  }
  get goesOn(): boolean {
    return this.#candidates[0]!.goesOn;
  }

  charge(micros: number): void {
    this.#told.charge?.(micros);
  }

  start(start: Start): void {
    this.#context = start.context;
    this.#told.start(start);
    this.#candidates[0]!.sampler = this.#told.sampler;
  }

  took(rows: Rows): void {
    this.tookOf(this.#candidates[0]!, rows);
  }

  tookOf(candidate: Candidate, rows: Rows): void {
    if (rows.result.rows[rows.output] !== rows.row + rows.count - 1) return; // of the prompt
    this.#passes++;
    candidate.took(rows);
    if (this.#candidates.every(({ state }) => state !== "writing")) this.#judge();
  }

  publish(now: number): void {
    this.#told.publish(now);
  }

  end(reason: StopReason): void {
    this.#release();
    this.#told.end(reason);
  }

  fail(error: TillerError): void {
    this.#release();
    this.#told.fail(error);
  }

  get report(): NonNullable<DecodingReport["best"]> {
    const k = this.#candidates.length;
    const tokens = Math.max(1, this.#candidates[0]!.tokens);
    const each = Math.log(k) - (k - 1) / k;
    return { candidates: k, passesPerToken: this.#passes / tokens, klBound: each * this.#blocks.length, blocks: this.#blocks };
  }

  #judge(): void {
    if (Object.keys(this.#asked).length === 0) {
      this.#choose([]);
      return;
    }
    const texts = this.#candidates.map(({ text }) => text);
    const done = (figures: readonly Figures[]): void => {
      if (!this.#ended) this.#choose(figures);
    };
    this.#ask(this.#asked, texts, done, (error) => this.#told.giveUp(error));
  }

  #choose(figures: readonly Figures[]): void {
    const before = this.#blocks.reduce((sum, { tokens }) => sum + tokens, 0);
    const values = this.#candidates.map(({ text, tokens, state, steps }, index) => {
      const expected = state === "waiting" ? this.#scorers.expected(steps.at(-1)!) : {};
      return this.#score({ text, tokens, state: state as "ended" | "cut" | "waiting", expected }, figures[index] ?? {});
    });
    // the first of equals; a reward that is no number never wins
    let best = 0;
    for (const [index, { total }] of values.entries()) if (total > values[best]!.total || Number.isNaN(values[best]!.total)) best = index;
    const chosen = this.#candidates[best]!;
    this.#blocks.push({
      tokens: chosen.tokens - before,
      chosen: best,
      totals: values.map(({ total }) => total),
      rewards: values[best]!.rewards,
    });
    for (const candidate of this.#candidates) if (candidate !== chosen) candidate.follow(chosen);
    for (const step of chosen.steps) this.#told.took(step);
    if (this.#told.next < 0) {
      this.#release();
      return;
    }
    this.#source = best;
  }

  /** All sequences hold the same: the samplers, too, but for their random numbers. */
  #forked(): void {
    const source = this.#candidates[this.#source!]!;
    this.#source = null;
    for (const [index, candidate] of this.#candidates.entries()) {
      if (candidate !== source) {
        if (candidate.sampler >= 0) this.#context!.freeSampler(candidate.sampler);
        candidate.sampler = this.#context!.forkSampler(source.sampler, this.#seedOf(index));
      }
      candidate.begin();
    }
    this.#told.sampler = this.#candidates[0]!.sampler;
  }

  #seedOf(index: number): number {
    return (this.#seed + Math.imul(index, 0x9e3779b1) + Math.imul(this.#blocks.length, 0x85ebca6b)) >>> 0;
  }

  /** The first is the told answer's, and goes with it. */
  #release(): void {
    this.#ended = true;
    for (const candidate of this.#candidates.slice(1)) {
      if (candidate.sampler >= 0) this.#context?.freeSampler(candidate.sampler);
      candidate.sampler = -1;
    }
  }
}

/** A further candidate's sequence: it takes the prompt over from the first one. */
class Rival implements Task {
  readonly id: string;
  readonly taps = [];
  readonly reuse = false;
  readonly capture = "none";
  readonly promptOutput = OUTPUT_NONE;
  readonly lastOutput = OUTPUT_SAMPLE;
  readonly answerOutput = OUTPUT_SAMPLE;
  readonly chunk = Number.POSITIVE_INFINITY;
  readonly stop: StopReason | null = null;
  readonly #leader: BestOf;
  readonly #candidate: Candidate;

  constructor(leader: BestOf, index: number, candidate: Candidate) {
    this.#leader = leader;
    this.#candidate = candidate;
    this.id = `${leader.id}#candidate${index}`;
  }

  get probes(): readonly ProbeSpec[] {
    return this.#leader.probes;
  }
  get account(): string {
    return this.#leader.account;
  }
  get client(): string {
    return this.#leader.client;
  }
  get prompt(): Int32Array {
    return this.#leader.prompt;
  }
  get plan(): LoweredPlan | null {
    return this.#leader.plan;
  }
  get prefixAt(): number {
    return this.#leader.prefixAt;
  }
  get received(): number {
    return this.#leader.received;
  }
  get sampler(): number {
    return this.#candidate.sampler;
  }
  get next(): number {
    return this.#candidate.next;
  }
  get rests(): boolean {
    return this.#candidate.state !== "writing";
  }
  get goesOn(): boolean {
    return this.#candidate.goesOn;
  }

  took(rows: Rows): void {
    this.#leader.tookOf(this.#candidate, rows);
  }

  start(): void {}
  publish(): void {}
  end(): void {}
  fail(): void {}
}
