/**
 * How many threads compute the next step. ggml's threads wait for each other by spinning, some 500 times a token: where another
 * process takes one of the cores, the others spin until it is given back, and a token can take ten times as long. So the number
 * that is fastest on an idle machine is learned from the answers themselves, and it is lowered within some tens of milliseconds
 * where the threads got less processor time than they asked for, and raised again when cores are idle. Pure but for the clock and
 * the idle time that it is given.
 */
import type { LearnedThreads } from "../../protocol/threads.ts";
import type { Candidates, Step } from "./thread-learning.ts";

/** Idle time of all cores together since some moment, both in milliseconds. */
export interface IdleTime {
  readonly at: number;
  readonly idle: number;
}

export interface GovernorOptions {
  /** the most threads that may compute */
  readonly most: number;
  readonly candidates: Candidates;
  readonly idleTime: () => IdleTime;
}

/** Steps are looked at over about this long. */
const WINDOW_MICROS = 40_000;
/** Share of the threads' time that others took, from which on fewer threads are faster. */
const TAKEN = 0.2;
/** How often idle time is read while fewer threads than wanted compute. */
const LOOK_MS = 100;
/** Cores that must have been idle for one more thread. */
const SPARE = 0.6;
/** After a raise that turned out wrong the next one waits, each time twice as long. */
const HOLD_MS = 200;
const LONGEST_HOLD_MS = 5_000;
const PEACE_MS = 5_000;

export class Governor {
  readonly #options: GovernorOptions;
  /** most threads that the machine has room for */
  #limit: number;
  #asked = 0;
  #taken = 0;
  #looked: IdleTime | null = null;
  #raised = Number.NEGATIVE_INFINITY;
  #lowered = Number.NEGATIVE_INFINITY;
  #hold = HOLD_MS;

  constructor(options: GovernorOptions) {
    this.#options = options;
    this.#limit = options.most;
  }

  /** For a step of so many rows. */
  threads(rows: number): number {
    return Math.min(this.#limit, this.#options.candidates.next(rows));
  }

  /** What computes single answers now, and what would on an idle machine. */
  get state(): { now: number; idle: number } {
    const idle = this.#options.candidates.best(1);
    return { now: Math.min(this.#limit, idle), idle };
  }

  get learned(): LearnedThreads {
    return this.#options.candidates.learned;
  }

  /** @returns whether something was learned that is worth keeping */
  took(step: Step, now: number): boolean {
    if (step.threads > this.#limit) return false; // begun ahead, before the limit was lowered
    const asked = step.threads * step.micros;
    const fade = Math.exp(-step.micros / WINDOW_MICROS);
    this.#asked = this.#asked * fade + asked;
    this.#taken = this.#taken * fade + Math.max(0, asked - step.cpuMicros);
    if (step.threads > 1 && this.#taken > TAKEN * this.#asked && this.#asked > step.threads * (WINDOW_MICROS / 4)) this.#lower(step, now);
    else if (this.#limit < this.#options.most) this.#look(now);
    if (now - this.#raised > PEACE_MS) this.#hold = HOLD_MS;
    return this.#options.candidates.took(step);
  }

  #lower({ threads }: Step, now: number): void {
    const got = Math.floor(threads * (1 - this.#taken / this.#asked) + 0.3);
    this.#limit = Math.max(1, Math.min(got, threads - 1));
    if (now - this.#raised < 4 * this.#hold) this.#hold = Math.min(LONGEST_HOLD_MS, 2 * this.#hold);
    this.#lowered = now;
    this.#looked = this.#options.idleTime();
    this.#asked = 0;
    this.#taken = 0;
  }

  #look(now: number): void {
    const before = this.#looked;
    if (before !== null && now - before.at < LOOK_MS) return;
    const read = this.#options.idleTime();
    this.#looked = read;
    if (before === null || now - this.#lowered < this.#hold) return;
    const spare = (read.idle - before.idle) / (read.at - before.at);
    if (spare < SPARE) return;
    this.#limit = Math.min(this.#options.most, this.#limit + Math.max(1, Math.floor(spare)));
    this.#raised = now;
    this.#asked = 0;
    this.#taken = 0;
  }
}
