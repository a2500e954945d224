/**
 * One engine process that is forked before the rest of the daemon has been read, for a start that is about to load a model
 * anyway: Node's own start and the engine's imports then run beside the daemon's. Imports nothing but Node, or it would not be early.
 */
import { type ChildProcess, fork } from "node:child_process";
import { ENGINE_MAIN } from "../entries.ts";

/** The default of `engine.heapMegabytes` in config.json; whoever set another gets a process of that size, later. */
export const HEAP_MEGABYTES = 4096;

let early: ChildProcess | null = null;

/** node-llama-cpp ends at its start when CI is anything but these; services set it to their name, and empty. */
const CI_VALUES = new Set(["true", "false", "1", "0"]);

export function childEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const { CI: ci, ...rest } = env;
  if (ci === undefined || ci === "") return rest;
  return { ...rest, CI: CI_VALUES.has(ci.toLowerCase()) ? ci : "true" };
}

function forkEngine(heapMegabytes: number): ChildProcess {
  return fork(ENGINE_MAIN, [], {
    serialization: "advanced",
    execArgv: [`--max-old-space-size=${heapMegabytes}`],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // An engine needs no secret of its parent's environment, but CUDA and the like are found through it.
    env: childEnvironment(),
  });
}

/** It leaves by itself when this process ends, as every engine does. */
export function forkEarly(): void {
  early = forkEngine(HEAP_MEGABYTES);
  // until someone takes it, its end is nobody's concern
  early.once("error", discardEarly);
  early.once("exit", discardEarly);
}

/** The early engine, once, if it is alive and of this size; else a new one. */
export function takeEngine(heapMegabytes: number): ChildProcess {
  const child = early;
  if (child === null || heapMegabytes !== HEAP_MEGABYTES) return forkEngine(heapMegabytes);
  early = null;
  child.removeListener("error", discardEarly);
  child.removeListener("exit", discardEarly);
  return child;
}

/** Ends the early engine if nobody took it. */
export function discardEarly(): void {
  early?.kill("SIGKILL");
  early = null;
}
