/** How far something is, where no terminal shows it on one line: a line now and then, so that a log says that work goes on. Pure. */

export interface ProgressLine {
  /** whole tenths that were done */
  readonly tenth: number;
  /** milliseconds */
  readonly at: number;
}

const EVERY_MS = 10_000;

/** The first line, then one for each tenth and every ten seconds. null: nothing is to be said. */
export function dueLine(last: ProgressLine | null, fraction: number, now: number): ProgressLine | null {
  const tenth = Math.floor(fraction * 10 + 1e-9);
  const due = last === null || tenth > last.tenth || now - last.at >= EVERY_MS;
  return due ? { tenth: Math.max(tenth, last?.tenth ?? 0), at: now } : null;
}
