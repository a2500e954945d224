/** Headers and fingerprints of model files, remembered by path, size and time of change; losing this file loses nothing. */
import { readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import * as z from "zod";
import { partPaths } from "../formats/gguf/index.ts";
import { TillerError } from "../protocol/errors.ts";
import { writeAtomic } from "./atomic.ts";
import { type ModelHeader, ModelHeaderSchema, readModelHeader } from "./model-header.ts";

const CachedSchema = z.object({ size: z.number(), mtimeMs: z.number(), header: ModelHeaderSchema }).strict();
const FileSchema = z.object({ version: z.literal(2), files: z.record(z.string(), CachedSchema) }).strict();
type Cached = z.infer<typeof CachedSchema>;

export type ReadHeader = (path: string) => Promise<ModelHeader>;

export class ModelCache {
  readonly #path: string;
  readonly #read: ReadHeader;
  readonly #files: Map<string, Cached>;
  /** files that cannot be used are asked for as often as others, and are not read again until they change */
  readonly #failed = new Map<string, { readonly size: number; readonly mtimeMs: number; readonly error: TillerError }>();
  readonly #pending = new Map<string, Promise<ModelHeader>>();

  /** @param read how a header that is not remembered is read */
  constructor(path: string, read: ReadHeader = readModelHeader) {
    this.#path = path;
    this.#read = read;
    this.#files = readCache(path);
  }

  /**
   * @param read in place of the usual way
   * @throws TillerError not-found or bad-model-file, without the path
   */
  async header(path: string, read: ReadHeader = this.#read): Promise<ModelHeader> {
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
    const { size, mtimeMs } = await stampOf(path, info);
    const cached = this.#files.get(path);
    if (cached !== undefined && cached.size === size && cached.mtimeMs === mtimeMs) return cached.header;
    const failed = this.#failed.get(path);
    if (failed !== undefined && failed.size === size && failed.mtimeMs === mtimeMs) throw failed.error;
    const pending = this.#pending.get(path);
    if (pending !== undefined) return pending;
    const reading = read(path)
      .then((header) => {
        this.#files.set(path, { size, mtimeMs, header });
        this.#save();
        return header;
      })
      .catch((error: unknown) => {
        if (error instanceof TillerError && error.code === "bad-model-file") this.#failed.set(path, { size, mtimeMs, error });
        throw error;
      })
      .finally(() => this.#pending.delete(path));
    this.#pending.set(path, reading);
    return reading;
  }

  #save(): void {
    try {
      writeAtomic(this.#path, `${JSON.stringify({ version: 2, files: Object.fromEntries(this.#files) })}\n`);
    } catch {
      // Only speed is lost.
    }
  }
}

/** Of a model in several files, all of them. */
async function stampOf(path: string, first: { size: number; mtimeMs: number }): Promise<{ size: number; mtimeMs: number }> {
  const others = await Promise.all(
    partPaths(path)
      .slice(1)
      .map((part) => stat(part).catch(() => null)),
  );
  return others.reduce(
    (all, part) => (part === null ? all : { size: all.size + part.size, mtimeMs: Math.max(all.mtimeMs, part.mtimeMs) }),
    { size: first.size, mtimeMs: first.mtimeMs },
  );
}

function readCache(path: string): Map<string, Cached> {
  try {
    return new Map(Object.entries(FileSchema.parse(JSON.parse(readFileSync(path, "utf8"))).files));
  } catch {
    return new Map();
  }
}
