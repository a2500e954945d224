/**
 * Which number of threads is fastest on an idle machine, for steps of one row, of some and of many: small models gain little
 * from a second thread, and with more rows there is more to share. Learned from the steps of real answers, so that nothing has to
 * be computed for it, and kept: every number is tried for some steps in turn, those that others disturbed do not count.
 */
import { type LearnedThreads, STEP_CLASSES, type StepClass } from "../../protocol/threads.ts";

export interface Step {
  readonly rows: number;
  readonly threads: number;
  /** wall time of the step */
  readonly micros: number;
  /** processor time that this process used meanwhile */
  readonly cpuMicros: number;
}

const FEW = 2;
const MANY = 8;
const PROMPT = 32;

export function stepClass(rows: number): StepClass {
  return rows >= PROMPT ? "prompt" : rows >= MANY ? "many" : rows >= FEW ? "few" : "one";
}

/** Steps in a row with one number of threads: the first after a change wakes them up. */
const TURN = 4;
const ENOUGH = 12;
/** Share of the threads' time that they must have had. */
const UNDISTURBED = 0.93;
/** More threads must be so much faster, for they take the cores from the editor. */
const WORTH = 1.03;

interface Trial {
  readonly rows: number;
  /** microseconds per step, of each number of threads */
  readonly times: Map<number, number[]>;
  threads: number;
  turn: number;
}

export class Candidates {
  readonly #counts: readonly number[];
  readonly #learned: Partial<Record<StepClass, number>>;
  readonly #trials = new Map<StepClass, Trial>();

  /** @param most threads at most; all numbers are tried where they are few, else doubled ones and the largest */
  constructor(most: number, learned: LearnedThreads = {}) {
    const counts = new Set([most]);
    for (let count = 1; count < most; count = most <= 4 ? count + 1 : count * 2) counts.add(count);
    this.#counts = [...counts].sort((a, b) => b - a);
    this.#learned = Object.fromEntries(Object.entries(learned).filter(([, count]) => count >= 1 && count <= most));
    if (most === 1) for (const kind of STEP_CLASSES) this.#learned[kind] = 1;
    // Prompts have rows enough to share, on any number of cores.
    this.#learned.prompt = most;
  }

  get learned(): LearnedThreads {
    return this.#learned;
  }

  best(rows: number): number {
    return this.#learned[stepClass(rows)] ?? this.#counts[0]!;
  }

  /** To compute the next step of so many rows with, on an idle machine. */
  next(rows: number): number {
    const kind = stepClass(rows);
    const known = this.#learned[kind];
    if (known !== undefined) return known;
    const trial = this.#trials.get(kind);
    return trial === undefined || trial.rows !== rows ? this.#counts[0]! : trial.threads;
  }

  /** @returns whether this step decided it */
  took({ rows, threads, micros, cpuMicros }: Step): boolean {
    const kind = stepClass(rows);
    if (this.#learned[kind] !== undefined) return false;
    let trial = this.#trials.get(kind);
    if (trial === undefined || trial.rows !== rows) {
      trial = { rows, times: new Map(this.#counts.map((count) => [count, []])), threads: this.#counts[0]!, turn: 0 };
      this.#trials.set(kind, trial);
      return false; // the graph of a new shape was built
    }
    if (threads !== trial.threads) return false;
    const first = trial.turn++ === 0;
    if (!first && cpuMicros >= UNDISTURBED * threads * micros) trial.times.get(threads)!.push(micros);
    if (trial.turn <= TURN) return false;
    trial.turn = 0;
    const open = this.#counts.filter((count) => trial.times.get(count)!.length < ENOUGH);
    trial.threads = open.find((count) => count < threads) ?? open[0] ?? threads;
    if (open.length > 0) return false;
    this.#learned[kind] = fastest(trial.times);
    this.#trials.delete(kind);
    return true;
  }
}

/** The fewest threads that are not clearly slower than the fastest. */
function fastest(times: ReadonlyMap<number, readonly number[]>): number {
  const medians = [...times].map(([count, values]) => ({ count, time: median(values) })).sort((a, b) => a.count - b.count);
  const best = Math.min(...medians.map(({ time }) => time));
  return medians.find(({ time }) => time <= WORTH * best)!.count;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
