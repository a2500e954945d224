/**
 * What apps' tokens made (presets, artifacts, jobs), and which models the owner has let them use by loading them once. What is
 * not named here is the owner's. Losing this file loses nothing but rights of apps.
 */
import { readFileSync } from "node:fs";
import * as z from "zod";
import { writeAtomic } from "./atomic.ts";

const FileSchema = z
  .object({ version: z.literal(1), made: z.record(z.string(), z.string()), models: z.array(z.string()).max(10_000) })
  .strict();

/** Entries beyond this are forgotten, oldest first: what they name is the owner's then. */
const KEPT = 5000;

export class Grants {
  readonly #path: string;
  readonly #made: Map<string, string>;
  readonly #models: Set<string>;

  constructor(path: string) {
    this.#path = path;
    const { made, models } = read(path);
    this.#made = new Map(Object.entries(made));
    this.#models = new Set(models);
  }

  /** The token whose work it is; null: the owner's. */
  madeBy(thing: string): string | null {
    return this.#made.get(thing) ?? null;
  }

  /** @param token null: the owner's from now on */
  claim(thing: string, token: string | null): void {
    if (this.madeBy(thing) === token) return;
    this.#made.delete(thing);
    if (token !== null) this.#made.set(thing, token);
    if (this.#made.size > KEPT) this.#made.delete(this.#made.keys().next().value!);
    this.#save();
  }

  /** Whether the owner has loaded it, and has not unloaded it since. */
  mayUse(model: string): boolean {
    return this.#models.has(model);
  }

  allow(model: string): void {
    if (this.#models.has(model)) return;
    this.#models.add(model);
    this.#save();
  }

  withdraw(model: string): void {
    if (this.#models.delete(model)) this.#save();
  }

  #save(): void {
    try {
      writeAtomic(
        this.#path,
        `${JSON.stringify({ version: 1, made: Object.fromEntries(this.#made), models: [...this.#models] }, null, 1)}\n`,
      );
    } catch {
      // A full disk costs what a restart would need.
    }
  }
}

function read(path: string): z.infer<typeof FileSchema> {
  try {
    return FileSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return { version: 1, made: {}, models: [] };
  }
}
