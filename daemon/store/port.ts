/**
 * The port of the last start. A browser keeps the page's conversations by address, so the next daemon of this home takes the
 * same port where it is free.
 */
import { readFileSync } from "node:fs";
import { writeAtomic } from "./atomic.ts";

/** 0 when none is known. */
export function lastPort(path: string): number {
  try {
    const text = readFileSync(path, "utf8").trim();
    const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    return port <= 65535 ? port : 0;
  } catch {
    return 0;
  }
}

/** A daemon whose disk is full starts all the same. */
export function rememberPort(path: string, port: number): void {
  if (lastPort(path) === port) return;
  try {
    writeAtomic(path, `${port}\n`);
  } catch {
    // The next start takes any free port.
  }
}
