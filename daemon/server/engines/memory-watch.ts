/** Ends an engine whose resident memory passes a limit, before the system has to choose a victim. Linux only (reads /proc). */
import { readFileSync } from "node:fs";
import type { EngineProcess } from "./process.ts";

const EVERY_MS = 1000;

export function watchMemory(engine: EngineProcess, limitBytes: number): void {
  if (limitBytes === 0 || process.platform !== "linux") return;
  const timer = setInterval(() => {
    if (!engine.alive) clearInterval(timer);
    else if (residentBytes(engine.pid) > limitBytes) engine.kill(`it used more than the ${limitBytes} bytes that config.json allows`);
  }, EVERY_MS);
  timer.unref();
}

/** 0 where it cannot be known. */
export function residentBytes(pid: number | undefined): number {
  try {
    const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return match === null ? 0 : Number(match[1]) * 1024;
  } catch {
    return 0;
  }
}
