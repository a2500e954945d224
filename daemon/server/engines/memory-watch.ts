/** Ends an engine whose resident memory passes a limit, before the system has to choose a victim. Linux only (reads /proc). */
import { readFileSync } from "node:fs";
import { totalmem } from "node:os";
import type { EngineModel } from "../../protocol/engine-api.ts";
import type { EngineProcess } from "./process.ts";

const EVERY_MS = 1000;
/** Beside the model: Node, tokenisers, grammars, prompts, and the second context of a study. */
const BESIDE_BYTES = 4 * 1024 ** 3;
const MACHINE_PART = 0.95;

/** @param configured `engine.memoryBytes`; 0: not set @param model file and context as the engine counted them */
export function memoryLimit(
  configured: number,
  model: { readonly sizeBytes: number; readonly memory: EngineModel["memory"] },
  machineBytes = totalmem(),
): number {
  if (configured > 0) return configured;
  const { kvBytes, computeBytes, steerBytes } = model.memory;
  const estimated = model.sizeBytes + kvBytes + computeBytes + steerBytes;
  return Math.min(2 * estimated + BESIDE_BYTES, machineBytes * MACHINE_PART);
}

export function watchMemory(engine: EngineProcess, limitBytes: number): void {
  if (limitBytes === 0 || process.platform !== "linux") return;
  const timer = setInterval(() => {
    if (!engine.alive) clearInterval(timer);
    else if (residentBytes(engine.pid) > limitBytes)
      engine.kill(`it used more than the ${limitBytes} bytes that it may have (engine.memoryBytes in config.json)`);
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
