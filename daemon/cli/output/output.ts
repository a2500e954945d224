/** Where a command writes: results on stdout, everything said along the way on stderr. */
import { once } from "node:events";
import { dueLine, type ProgressLine } from "./progress.ts";

export class Output {
  readonly json: boolean;
  #last: ProgressLine | null = null;

  constructor(json: boolean) {
    this.json = json;
  }

  /** Waits while the reader is slow, so that a large result never piles up in memory. */
  async write(text: string): Promise<void> {
    if (!process.stdout.write(text)) await once(process.stdout, "drain");
  }

  async line(text: string): Promise<void> {
    await this.write(`${text}\n`);
  }

  /** A result: the object with --json, else the text that is made of it. */
  async result<T>(value: T, text: (value: T) => string): Promise<void> {
    await this.line(this.json ? JSON.stringify(value) : text(value));
  }

  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /** Progress on one line of a terminal; elsewhere a line now and then, so that logs stay readable. */
  progress(fraction: number, text: string): void {
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\x1b[K${text}`);
      return;
    }
    const line = dueLine(this.#last, fraction, Date.now());
    if (line === null) return;
    this.#last = line;
    this.note(text);
  }

  endProgress(): void {
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
    this.#last = null;
  }
}

export function table(rows: readonly (readonly string[])[], headings?: readonly string[]): string {
  const all = headings === undefined ? rows : [headings, ...rows];
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  return all
    .map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join("  "))
    .join("\n");
}

export function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = count / 1024;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
