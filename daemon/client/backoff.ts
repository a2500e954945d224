/** Waits between attempts: doubled each time up to a limit, half of each wait random, so that many clients do not return at once. */
export interface BackoffOptions {
  readonly firstMs: number;
  readonly maxMs: number;
}

export const DEFAULT_BACKOFF: BackoffOptions = { firstMs: 250, maxMs: 10_000 };

/** @param attempt 0 for the first wait @param random 0 ≤ r < 1 */
export function backoff(attempt: number, options: BackoffOptions = DEFAULT_BACKOFF, random: () => number = Math.random): number {
  const full = Math.min(options.maxMs, options.firstMs * 2 ** Math.min(attempt, 30));
  return full / 2 + (full / 2) * random();
}
