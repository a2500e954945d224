/** Idle time of the machine's cores: what others leave over. */
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import type { IdleTime } from "../loop/governor.ts";

/** /proc counts in hundredths of a second, on every Linux that Node runs on */
const JIFFY_MS = 10;

/** Linux: the first line of /proc/stat, in some 30 µs; elsewhere through Node, which asks for more than is needed. */
export function idleTime(): IdleTime {
  const at = performance.now();
  if (process.platform !== "linux") return { at, idle: cpus().reduce((sum, { times }) => sum + times.idle, 0) };
  // cpu user nice system idle iowait …
  const fields = readFileSync("/proc/stat", "latin1").split("\n", 1)[0]!.split(/\s+/);
  return { at, idle: (Number(fields[4]) + Number(fields[5])) * JIFFY_MS };
}
