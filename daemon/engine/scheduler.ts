/** Which rows go into the next batch. Pure. */

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

/** A prompt read beside running answers may hold them up for about this long per step. */
const PREFILL_MICROS = 60_000;
const PREFILL_MIN = 32;

/** @param microsPerRow measured cost of a prompt row, 0 when unknown */
export function prefillBudget(answering: number, limit: number, microsPerRow: number): number {
  if (answering === 0) return limit;
  const affordable = microsPerRow > 0 ? Math.floor(PREFILL_MICROS / microsPerRow) : 128;
  return Math.max(Math.min(affordable, limit), Math.min(PREFILL_MIN, limit));
}

/** Measured cost of prompt rows, smoothed; steps of few rows say nothing about it. */
export function smoothRowCost(previous: number, rows: number, micros: number): number {
  if (rows < PREFILL_MIN) return previous;
  const now = micros / rows;
  return previous === 0 ? now : previous * 0.7 + now * 0.3;
}
