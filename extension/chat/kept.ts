/**
 * What the page keeps, in files of the extension's own storage: one for each key, so that windows do not overwrite each other's
 * conversations. (VS Code gives webviews no storage that lasts, and its own key-value store is not meant for megabytes.)
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { KeptKeySchema } from "../../daemon/protocol/webview.ts";
import { writeAtomic } from "../../daemon/store/atomic.ts";

const EntrySchema = z.object({ key: KeptKeySchema, text: z.string() }).strict();

export class Kept {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Everything that is kept; a damaged file counts as none. */
  all(): Record<string, string> {
    const entries = names(this.#folder).flatMap((name) => {
      const entry = read(join(this.#folder, name));
      return entry === null ? [] : [[entry.key, entry.text] as const];
    });
    return Object.fromEntries(entries);
  }

  /** @throws TillerError storage-failed */
  set(key: string, text: string | null): void {
    const file = join(this.#folder, `${createHash("sha256").update(key).digest("hex").slice(0, 32)}.json`);
    if (text === null) {
      rmSync(file, { force: true });
      return;
    }
    mkdirSync(this.#folder, { recursive: true });
    writeAtomic(file, JSON.stringify({ key, text }));
  }
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".json") && !name.startsWith("."));
  } catch {
    return [];
  }
}

function read(file: string): z.infer<typeof EntrySchema> | null {
  try {
    return EntrySchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return null;
  }
}
