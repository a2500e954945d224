/** Whether the running daemon obeys settings that config.json no longer has: it reads the file at its start. */
import { statSync } from "node:fs";
import { readLock } from "../../store/lock.ts";
import type { StorePaths } from "../../store/paths.ts";

export const CONFIG_CHANGED = "config.json changed since the daemon started; `tiller stop` ends it, and the next command starts it anew";

export function configChanged(paths: StorePaths): boolean {
  const started = Date.parse(readLock(paths.lock)?.started ?? "");
  const written = statSync(paths.config, { throwIfNoEntry: false })?.mtimeMs;
  return written !== undefined && written > started;
}
