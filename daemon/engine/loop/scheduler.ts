/** Which rows go into the next batch. Pure. */
import type { Task } from "./task.ts";

export interface Feed {
  /** true: one row, the token written last; false: a prompt that is still being read */
  readonly answering: boolean;
  /** rows that it could take now */
  readonly ready: number;
}

/**
 * Rows per feed. Every answering feed gets its row first, so that answers keep flowing; prompts share what is left of
 * `prefill` rows in their order, so that the one that came first also answers first.
 */
export function shareBatch(feeds: readonly Feed[], limit: number, prefill: number): number[] {
  const rows = new Array<number>(feeds.length).fill(0);
  let left = limit;
  feeds.forEach((feed, index) => {
    if (!feed.answering || feed.ready === 0 || left === 0) return;
    rows[index] = 1;
    left--;
  });
  left = Math.min(left, prefill);
  feeds.forEach((feed, index) => {
    if (feed.answering) return;
    const share = Math.min(feed.ready, left);
    rows[index] = share;
    left -= share;
  });
  return rows;
}

/**
 * An answer that has just begun has no rhythm yet that a prompt could break. Requests that come together, over connections of
 * their own, reach the loop in several turns; were the first to hold up the others' prompts, the answers would be written one
 * behind the other, in more steps of fewer rows each.
 */
const SETTLED_TOKENS = 4;
/** so far apart requests still came together */
const TOGETHER_MS = 100;

/** Answers that a prompt may not hold up long: those that flow, and those that began well before some prompt came. */
export function heldUp(active: readonly { readonly fed: number; readonly task: Pick<Task, "prompt" | "received"> | null }[]): number {
  const written = ({ fed, task }: (typeof active)[number]): number => fed - task!.prompt.length;
  const latest = Math.max(...active.filter((one) => written(one) < 0).map(({ task }) => task!.received ?? Number.POSITIVE_INFINITY));
  const along = (one: (typeof active)[number]): boolean =>
    written(one) < SETTLED_TOKENS && latest - (one.task!.received ?? Number.NEGATIVE_INFINITY) <= TOGETHER_MS;
  return active.filter((one) => written(one) >= 0 && !along(one)).length;
}

/** A prompt read beside such answers may hold them up for about this long per step. */
const PREFILL_MICROS = 60_000;
const PREFILL_MIN = 32;

/** @param held number of answers that it would hold up; @param microsPerRow measured cost of a prompt row, 0 when unknown */
export function prefillBudget(held: number, limit: number, microsPerRow: number): number {
  if (held === 0) return limit;
  const affordable = microsPerRow > 0 ? Math.floor(PREFILL_MICROS / microsPerRow) : 128;
  return Math.max(Math.min(affordable, limit), Math.min(PREFILL_MIN, limit));
}

/** Measured cost of prompt rows, smoothed; steps of few rows say nothing about it. */
export function smoothRowCost(previous: number, rows: number, micros: number): number {
  if (rows < PREFILL_MIN) return previous;
  const now = micros / rows;
  return previous === 0 ? now : previous * 0.7 + now * 0.3;
}
