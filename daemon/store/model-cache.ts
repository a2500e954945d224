/** Headers and fingerprints of model files, remembered by path, size and time of change; losing this file loses nothing. */
import { readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import * as z from "zod";
import { TillerError } from "../protocol/errors.ts";
import { writeAtomic } from "./atomic.ts";
import { type ModelHeader, ModelHeaderSchema, readModelHeader } from "./model-header.ts";

const CachedSchema = z.object({ size: z.number(), mtimeMs: z.number(), header: ModelHeaderSchema }).strict();
const FileSchema = z.object({ version: z.literal(1), files: z.record(z.string(), CachedSchema) }).strict();
type Cached = z.infer<typeof CachedSchema>;

export class ModelCache {
  readonly #path: string;
  readonly #files: Map<string, Cached>;
  readonly #pending = new Map<string, Promise<ModelHeader>>();

  constructor(path: string) {
    this.#path = path;
    this.#files = readCache(path);
  }

  /** @throws TillerError not-found or bad-model-file, without the path */
  async header(path: string): Promise<ModelHeader> {
    const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
      throw new TillerError(
        "not-found",
        error.code === "ENOENT" ? "the file does not exist" : `the file cannot be read (${error.code ?? "unknown"})`,
        {
          field: "model",
          suggestion: "Check the file's name, or add the model again where it is now.",
        },
      );
    });
    if (!info.isFile()) throw new TillerError("bad-model-file", "not a file", { field: "model" });
    const cached = this.#files.get(path);
    if (cached !== undefined && cached.size === info.size && cached.mtimeMs === info.mtimeMs) return cached.header;
    const pending = this.#pending.get(path);
    if (pending !== undefined) return pending;
    const reading = readModelHeader(path)
      .then((header) => {
        this.#files.set(path, { size: info.size, mtimeMs: info.mtimeMs, header });
        this.#save();
        return header;
      })
      .finally(() => this.#pending.delete(path));
    this.#pending.set(path, reading);
    return reading;
  }

  #save(): void {
    try {
      writeAtomic(this.#path, `${JSON.stringify({ version: 1, files: Object.fromEntries(this.#files) })}\n`);
    } catch {
      // Only speed is lost.
    }
  }
}

function readCache(path: string): Map<string, Cached> {
  try {
    return new Map(Object.entries(FileSchema.parse(JSON.parse(readFileSync(path, "utf8"))).files));
  } catch {
    return new Map();
  }
}
