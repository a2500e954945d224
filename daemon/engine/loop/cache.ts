/**
 * What each native sequence holds: its tokens, and the steering fingerprint under which every position was computed. Edits
 * change K and V, so a prefix may serve a new prompt only up to the first token or fingerprint that differs, and only the
 * prompts of whoever had it read.
 */

import type { Mark } from "../steering/lowered.ts";

/** What is to be read, under which edits, and for whom. */
export interface Wanted {
  readonly prompt: Int32Array;
  /** by position, see promptMarks */
  readonly marks: readonly Mark[];
  readonly account: string;
}

export class PrefixCache {
  /** whose prompts and answers it holds */
  account = "";
  #tokens = new Int32Array(256);
  #length = 0;
  #marks: Mark[] = [];

  get length(): number {
    return this.#length;
  }

  append(token: number, fingerprint: string): void {
    if (this.#length === this.#tokens.length) {
      const grown = new Int32Array(this.#length * 2);
      grown.set(this.#tokens);
      this.#tokens = grown;
    }
    this.#tokens[this.#length] = token;
    if (this.#marks.at(-1)?.fingerprint !== fingerprint) this.#marks.push({ from: this.#length, fingerprint });
    this.#length++;
  }

  truncate(length: number): void {
    if (length >= this.#length) return;
    this.#length = length;
    while (this.#marks.length > 0 && this.#marks.at(-1)!.from >= length) this.#marks.pop();
  }

  copyFrom(other: PrefixCache, length: number): void {
    this.#tokens = other.#tokens.slice(0, Math.max(256, length));
    this.#length = other.#length;
    this.account = other.account;
    this.#marks = [...other.#marks];
    this.truncate(length);
  }

  /**
   * Positions from 0 that may serve `prompt` read under `marks`; at least one token of it is left to compute. None of
   * another account's: how much was reused, and how long an answer took, would tell what others have asked.
   */
  match({ prompt, marks, account }: Wanted): number {
    if (this.account !== account) return 0;
    const limit = Math.min(this.#span(marks), prompt.length - 1);
    let same = 0;
    while (same < limit && this.#tokens[same] === prompt[same]) same++;
    return Math.max(same, 0);
  }

  /** Positions from 0 that were computed under the wanted edits. */
  #span(wanted: readonly Mark[]): number {
    let [own, other, position] = [0, 0, 0];
    while (position < this.#length) {
      while ((this.#marks[own + 1]?.from ?? Number.POSITIVE_INFINITY) <= position) own++;
      while ((wanted[other + 1]?.from ?? Number.POSITIVE_INFINITY) <= position) other++;
      if (this.#marks[own]!.fingerprint !== wanted[other]!.fingerprint) return position;
      position = Math.min(this.#marks[own + 1]?.from ?? this.#length, wanted[other + 1]?.from ?? this.#length);
    }
    return this.#length;
  }
}

export interface Candidate {
  readonly id: number;
  readonly cache: PrefixCache;
  /** larger is more recent */
  readonly used: number;
}

export interface Choice {
  readonly id: number;
  /** take this many positions from `from`: the same sequence, or one to copy from */
  readonly from: number;
  readonly reuse: number;
}

/** Positions that a copy of a sequence's whole share of the cache must save at least: reckoned from sizes, not measured. */
export function worthCopying(contextSize: number): number {
  return Math.max(16, contextSize / 128);
}

/**
 * Where a prompt goes among the idle sequences. It takes a sequence over when that continues most of what the sequence or
 * the prompt holds; a shorter common start (a shared system turn) is copied to the sequence unused for longest, so that the
 * longer conversation is not lost.
 * @param options.worthCopying positions that a copy must save at least: it moves a sequence's whole share of the cache
 */
export function chooseSequence(
  idle: readonly Candidate[],
  wanted: Wanted,
  options: { readonly reuse: boolean; readonly keepsPositions: boolean; readonly worthCopying: number },
): Choice | null {
  const oldest = idle.reduce<Candidate | null>((best, one) => (best === null || staler(one, best) ? one : best), null);
  if (oldest === null) return null;
  if (!options.reuse) return { id: oldest.id, from: oldest.id, reuse: 0 };
  if (!options.keepsPositions) return wholeOnly(idle, wanted, oldest);
  let best = oldest;
  let shared = oldest.cache.match(wanted);
  for (const one of idle) {
    const match = one.cache.match(wanted);
    if (match > shared) {
      best = one;
      shared = match;
    }
  }
  const continues = shared * 2 >= Math.min(best.cache.length, wanted.prompt.length);
  if (best === oldest || continues) return { id: best.id, from: best.id, reuse: shared };
  const own = oldest.cache.match(wanted);
  return shared - own < options.worthCopying
    ? { id: oldest.id, from: oldest.id, reuse: own }
    : { id: oldest.id, from: best.id, reuse: shared };
}

/** A recurrent state serves a prompt only with everything that it has read. */
function wholeOnly(idle: readonly Candidate[], wanted: Wanted, oldest: Candidate): Choice {
  const whole = (one: Candidate): number => (one.cache.match(wanted) === one.cache.length ? one.cache.length : 0);
  const best = idle.reduce((a, b) => (whole(b) > whole(a) ? b : a), oldest);
  return { id: best.id, from: best.id, reuse: whole(best) };
}

function staler(a: Candidate, b: Candidate): boolean {
  const empty = (one: Candidate): number => (one.cache.length === 0 ? 0 : 1);
  if (empty(a) !== empty(b)) return empty(a) < empty(b);
  // Among empty ones the lowest id, so that the active ids stay consecutive.
  return empty(a) === 0 ? a.id < b.id : a.used < b.used;
}
