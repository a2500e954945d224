/** The number of threads that is fastest for a model on this machine, as engines learned it; losing this file loses nothing. */
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import * as z from "zod";
import { type LearnedThreads, LearnedThreadsSchema } from "../protocol/threads.ts";
import { writeAtomic } from "./atomic.ts";

const FileSchema = z.object({ version: z.literal(1), machine: z.string(), models: z.record(z.string(), LearnedThreadsSchema) }).strict();

/** A home may be shared between machines, and a machine may be given other cores. */
export function thisMachine(): string {
  const cores = cpus();
  return `${cores.length} × ${cores[0]?.model ?? "unknown"}`;
}

export class ThreadCache {
  readonly #path: string;
  readonly #machine: string;
  readonly #models: Map<string, LearnedThreads>;

  constructor(path: string, machine = thisMachine()) {
    this.#path = path;
    this.#machine = machine;
    this.#models = read(path, machine);
  }

  /** @param model fingerprint */
  get(model: string): LearnedThreads {
    return this.#models.get(model) ?? {};
  }

  keep(model: string, learned: LearnedThreads): void {
    this.#models.set(model, { ...this.get(model), ...learned });
    try {
      writeAtomic(this.#path, `${JSON.stringify({ version: 1, machine: this.#machine, models: Object.fromEntries(this.#models) })}\n`);
    } catch {
      // It is learned again.
    }
  }
}

function read(path: string, machine: string): Map<string, LearnedThreads> {
  try {
    const file = FileSchema.parse(JSON.parse(readFileSync(path, "utf8")));
    return new Map(file.machine === machine ? Object.entries(file.models) : []);
  } catch {
    return new Map();
  }
}
