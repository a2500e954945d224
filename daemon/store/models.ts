/**
 * Which models there are: files that the user added (they stay where they are), downloaded ones (in the store) and the
 * embedded one (in the package). Clients see ids such as `stories-1f2e3d4c`, never paths.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import * as z from "zod";
import { ModelIdSchema } from "../protocol/api/model.ts";
import { TillerError } from "../protocol/errors.ts";
import { removeLeftovers, writeAtomic } from "./atomic.ts";
import { ModelCache, type ReadHeader } from "./model-cache.ts";
import { type ModelHeader, readModelHeader } from "./model-header.ts";
import { inside, type StorePaths } from "./paths.ts";

const EntrySchema = z
  .object({
    id: ModelIdSchema,
    path: z.string(),
    downloaded: z.boolean(),
    added: z.string(),
    /** where the file's own name says nothing: Ollama's are called by their content */
    name: z.string().optional(),
  })
  .strict();
const RegistrySchema = z.object({ version: z.literal(1), models: z.array(EntrySchema) }).strict();
type Entry = z.infer<typeof EntrySchema>;

export interface StoredModel extends ModelHeader {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly fileName: string;
  readonly embedded: boolean;
  readonly downloaded: boolean;
  /** the file is not there any more, or is none that can be used; then the header's fields are empty */
  readonly problem: { readonly missing: boolean; readonly reason: string } | null;
}

const NO_HEADER: ModelHeader = {
  sizeBytes: 0,
  fingerprint: "",
  architecture: "",
  quantisation: "",
  layers: 0,
  width: 0,
  contextTrained: 0,
  title: "",
  hasChatTemplate: false,
};

export class ModelStore {
  readonly #paths: StorePaths;
  readonly #cache: ModelCache;
  #entries: Entry[];

  /** @param readHeader how the header of a file of unknown origin is read; left out: here */
  constructor(paths: StorePaths, readHeader?: ReadHeader) {
    this.#paths = paths;
    this.#cache = new ModelCache(paths.modelCache, readHeader);
    removeLeftovers(paths.home);
    removeLeftovers(dirname(paths.modelCache));
    this.#entries = readRegistry(paths.registry);
  }

  async list(): Promise<StoredModel[]> {
    const embedded = await this.#embedded();
    const own = await Promise.all(this.#entries.map((entry) => this.#describe(entry, false)));
    const ids = new Set(embedded.map((model) => model.id));
    return [...embedded, ...own.filter((model) => !ids.has(model.id))];
  }

  /** @throws TillerError not-found */
  async resolve(id: string): Promise<StoredModel> {
    const found = (await this.list()).find((model) => model.id === id);
    if (found !== undefined) return found;
    throw new TillerError("not-found", `there is no model '${id}'`, {
      field: "model",
      suggestion: "See `tiller models` for those that there are.",
    });
  }

  /** The newest embedded model, else the first usable one. */
  async defaultModel(): Promise<StoredModel | null> {
    const models = await this.list();
    return models.find((model) => model.problem === null) ?? null;
  }

  /** Adds a GGUF file where it lies. The same file again, or a copy of it, gives the same id. */
  async add(path: string, options: { downloaded?: boolean; name?: string } = {}): Promise<StoredModel> {
    const absolute = resolve(path);
    const header = await this.#cache.header(absolute);
    const { name } = options;
    const id = modelId(name ?? absolute, header);
    // The command line adds models beside a running daemon.
    this.reload();
    const present = this.#entries.find((entry) => entry.id === id);
    const entry: Entry = {
      id,
      path: absolute,
      downloaded: options.downloaded ?? false,
      added: new Date().toISOString(),
      ...(name === undefined ? {} : { name }),
    };
    if (present === undefined) this.#save([...this.#entries, entry]);
    else if (present.path !== absolute && !existsSync(present.path))
      this.#save(this.#entries.map((old) => (old === present ? entry : old)));
    return this.#describe(present ?? entry, false);
  }

  /** Forgets a model; only a file that the daemon downloaded is deleted. */
  remove(id: string): boolean {
    this.reload();
    const entry = this.#entries.find((candidate) => candidate.id === id);
    if (entry === undefined) return false;
    if (entry.downloaded)
      for (const name of parts(this.#paths.downloads, basename(entry.path))) rmSync(inside(this.#paths.downloads, name), { force: true });
    this.#save(this.#entries.filter((candidate) => candidate !== entry));
    return true;
  }

  /** Files that another process (the command line) added since. */
  reload(): void {
    this.#entries = readRegistry(this.#paths.registry);
  }

  async #embedded(): Promise<StoredModel[]> {
    let names: string[];
    try {
      names = readdirSync(this.#paths.shipped).filter((name) => /^tiller-.*\.gguf$/.test(name));
    } catch {
      return [];
    }
    // Newest by name (names carry a version, compared as numbers); file times mean nothing after a clone.
    names.sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
    const models = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#paths.shipped, name);
        return this.#describe({ id: null, path, downloaded: false }, true);
      }),
    );
    return models;
  }

  async #describe(
    entry: { id: string | null; path: string; downloaded: boolean; name?: string | undefined },
    embedded: boolean,
  ): Promise<StoredModel> {
    const fileName = entry.name ?? basename(entry.path);
    const base = { path: entry.path, fileName, embedded, downloaded: entry.downloaded };
    try {
      const header = await this.#cache.header(entry.path, embedded ? readModelHeader : undefined);
      const id = entry.id ?? modelId(entry.path, header);
      if (id !== modelId(entry.path, header) && entry.id !== null && !id.endsWith(shortFingerprint(header.fingerprint))) {
        return {
          ...NO_HEADER,
          ...base,
          id,
          name: stem(fileName),
          problem: { missing: true, reason: "the file was replaced by another model; add it again" },
        };
      }
      // A file's title is what its maker wrote into it, often of another file; its name is what a person chose it by.
      const name = entry.name ?? (embedded && header.title !== "" ? header.title : stem(fileName));
      return { ...header, ...base, id, name, problem: null };
    } catch (error) {
      const problem = TillerError.from(error);
      const missing = problem.code === "not-found";
      return { ...NO_HEADER, ...base, id: entry.id ?? stem(fileName), name: stem(fileName), problem: { missing, reason: problem.message } };
    }
  }

  #save(entries: Entry[]): void {
    writeAtomic(this.#paths.registry, `${JSON.stringify({ version: 1, models: entries }, null, 1)}\n`);
    this.#entries = entries;
  }
}

/** File name in safe characters and eight digits of the fingerprint. */
export function modelId(path: string, header: Pick<ModelHeader, "fingerprint">): string {
  return `${stem(basename(path))}-${shortFingerprint(header.fingerprint)}`;
}

function shortFingerprint(fingerprint: string): string {
  return fingerprint.slice("sha256:".length, "sha256:".length + 8);
}

function stem(fileName: string): string {
  const safe = fileName
    .replace(/\.gguf$/i, "")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 100);
  return safe === "" ? "model" : safe;
}

function readRegistry(path: string): Entry[] {
  if (!existsSync(path)) return [];
  try {
    return RegistrySchema.parse(JSON.parse(readFileSync(path, "utf8"))).models;
  } catch {
    throw new TillerError("storage-failed", "models.json is damaged", { suggestion: "Restore it, or delete it and add the models again." });
  }
}

/** All files of a model that was downloaded in parts (`…-00001-of-00003.gguf`), else the one file. */
function parts(folder: string, name: string): string[] {
  const [, stem, total] = /^(.+)-\d{5}-of-(\d{5})\.gguf$/.exec(name) ?? [];
  if (stem === undefined || !existsSync(folder)) return [name];
  return readdirSync(folder).filter(
    (other) =>
      other.startsWith(`${stem}-`) && /^-\d{5}-of-\d{5}\.gguf$/.test(other.slice(stem.length)) && other.endsWith(`-of-${total}.gguf`),
  );
}
