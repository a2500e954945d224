/** Preset files: the user's own, and the shipped ones behind them. Text in, text out; what it means is the compiler's business. */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { TillerError } from "../protocol/errors.ts";
import { PresetIdSchema } from "../protocol/preset.ts";
import { removeLeftovers, storageError, writeAtomic } from "./atomic.ts";
import { inside } from "./paths.ts";

const SUFFIX = ".steer.yaml";
const MAX_BYTES = 256 * 1024;

export interface StoredPreset {
  readonly id: string;
  readonly shipped: boolean;
  /** one of the user's own, with a shipped one behind it */
  readonly hides: boolean;
  readonly text: string;
}

export class PresetStore {
  readonly #own: string;
  readonly #shipped: string;

  constructor(paths: { readonly presets: string; readonly shipped: string }) {
    this.#own = paths.presets;
    this.#shipped = paths.shipped;
    removeLeftovers(this.#own);
  }

  /** By id; one of the user's own hides a shipped one of the same id. */
  list(): StoredPreset[] {
    const ids = new Set([...stems(this.#shipped), ...stems(this.#own)]);
    return [...ids].sort().flatMap((id) => this.get(id) ?? []);
  }

  get(id: string): StoredPreset | null {
    PresetIdSchema.parse(id);
    const own = readText(this.#own, id);
    const shipped = readText(this.#shipped, id);
    if (own !== null) return { id, shipped: false, hides: shipped !== null, text: own };
    return shipped === null ? null : { id, shipped: true, hides: false, text: shipped };
  }

  /** @param quota how many of the user's own there may be; left out: any number */
  save(id: string, text: string, quota = Number.POSITIVE_INFINITY): StoredPreset {
    PresetIdSchema.parse(id);
    const own = stems(this.#own);
    if (own.length >= quota && !own.includes(id))
      throw new TillerError("too-large", `there are ${own.length} presets already`, {
        suggestion: "Delete some, or raise `limits.presets` in config.json.",
      });
    if (Buffer.byteLength(text) > MAX_BYTES)
      throw new TillerError("too-large", `a preset has at most ${MAX_BYTES} bytes`, { field: "text" });
    writeAtomic(inside(this.#own, `${id}${SUFFIX}`), text);
    return { id, shipped: false, hides: readText(this.#shipped, id) !== null, text };
  }

  /** false: the user has none of that id. Shipped ones stay. */
  delete(id: string): boolean {
    PresetIdSchema.parse(id);
    const path = inside(this.#own, `${id}${SUFFIX}`);
    if (readText(this.#own, id) === null) return false;
    try {
      rmSync(path);
    } catch (error) {
      throw storageError(error, `preset ${id}`);
    }
    return true;
  }
}

function stems(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => name.slice(0, -SUFFIX.length))
    .filter((id) => PresetIdSchema.safeParse(id).success);
}

function readText(folder: string, id: string): string | null {
  try {
    const bytes = readFileSync(inside(folder, `${id}${SUFFIX}`));
    return bytes.byteLength > MAX_BYTES ? null : bytes.toString("utf8");
  } catch {
    return null;
  }
}
