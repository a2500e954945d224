/**
 * Artifacts: a folder `<kind>/<name>` each, with artifact.json and data.safetensors (sha256 checked on every load from disk),
 * and receipt.json once its effect was measured. A receipt of a shipped artifact lies alone in the user's own folder.
 * A new version is written beside the old one and swapped in by renames; a crash between them is repaired at the next start,
 * so there is always the old or the new one.
 */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import * as z from "zod";
import type { FoundArtifact, LoadedArtifact } from "../compiler/types.ts";
import { type Artifact, ArtifactSchema } from "../protocol/artifact.ts";
import { fromZod, TillerError } from "../protocol/errors.ts";
import { ArtifactIdSchema } from "../protocol/preset.ts";
import { type Receipt, ReceiptSchema } from "../protocol/receipt.ts";
import { decodeTensors, encodeTensors } from "./artifact-data.ts";
import { storageError, syncFolder, writeAtomic, writeSynced } from "./atomic.ts";
import { inside } from "./paths.ts";

const META = "artifact.json";
const DATA = "data.safetensors";
const RECEIPT = "receipt.json";
const MAX_META_BYTES = 4 * 1024 * 1024;
const MAX_DATA_BYTES = 1024 * 1024 * 1024;

/** On disk a receipt has its own file; descriptions written before that say `receipt: null`. */
const StoredMetaSchema = ArtifactSchema.extend({ receipt: z.null().optional() });

export interface ArtifactQuota {
  readonly artifacts: number;
  /** all of them together */
  readonly artifactBytes: number;
}

const NO_QUOTA: ArtifactQuota = { artifacts: Number.POSITIVE_INFINITY, artifactBytes: Number.POSITIVE_INFINITY };

interface Loaded {
  /** description and data */
  readonly files: readonly string[];
  /** whether it is the user's own, which goes before a shipped one */
  readonly own: boolean;
  readonly ownMeta: string;
  readonly stamp: string;
  readonly artifact: LoadedArtifact;
}

export class ArtifactStore {
  readonly #own: string;
  readonly #shipped: string;
  readonly #quota: ArtifactQuota;
  readonly #loaded = new Map<string, Loaded>();
  /** descriptions and receipts by their files: a list of hundreds reads only what has changed */
  readonly #read = new Map<string, { stamp: string; value: unknown }>();

  constructor(paths: { readonly artifacts: string; readonly shipped: string }, quota: ArtifactQuota = NO_QUOTA) {
    this.#quota = quota;
    this.#own = paths.artifacts;
    this.#shipped = join(paths.shipped, "artifacts");
    for (const kind of folders(this.#own)) repair(join(this.#own, kind));
  }

  /** Descriptions of all that can be read, by id; damaged ones are left out (`get` says what is wrong with them). */
  list(): Artifact[] {
    const ids = new Set([...idsIn(this.#shipped), ...idsIn(this.#own)]);
    return [...ids].sort().flatMap((id) => {
      try {
        return this.get(id) ?? [];
      } catch {
        return [];
      }
    });
  }

  /** Also when it is damaged. */
  has(id: string): boolean {
    return this.#folder(id) !== null;
  }

  isShipped(id: string): boolean {
    return this.#folder(id)?.startsWith(this.#shipped) ?? false;
  }

  /** @throws TillerError bad-artifact */
  get(id: string): Artifact | null {
    const folder = this.#folder(id);
    return folder === null
      ? null
      : this.#withReceipt(
          this.#once(inside(folder, META), () => readMeta(folder, id)),
          folder,
        );
  }

  /** Description and numbers; null when there is none. Kept in memory until the files change. */
  load(id: string): LoadedArtifact | null {
    const present = this.#loaded.get(id);
    // the paths of before: that they lead nowhere else was looked at then, and other files have other stamps
    if (present !== undefined && present.own === existsSync(present.ownMeta) && stampsOf(present.files) === present.stamp)
      return present.artifact;
    const folder = this.#folder(id);
    if (folder === null) return null;
    const files = [META, DATA].map((name) => inside(folder, name));
    const stamp = stampsOf(files);
    const artifact = readArtifact(folder, id);
    const own = this.#ownFolder(id);
    this.#loaded.set(id, { files, own: own === folder, ownMeta: join(own, META), stamp, artifact });
    return artifact;
  }

  /** Puts a receipt beside the user's own artifact, or alone where the artifact is a shipped one. */
  saveReceipt(receipt: Receipt): void {
    const folder = this.#ownFolder(receipt.artifact.id);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw storageError(error, `receipt of ${receipt.artifact.id}`);
    }
    writeAtomic(inside(folder, RECEIPT), `${JSON.stringify(receipt, null, 1)}\n`);
  }

  /** Writes a found artifact under its id; one of the user's own of that id is replaced. */
  save(found: FoundArtifact): Artifact {
    const data = encodeTensors(found.tensors);
    const meta = ArtifactSchema.parse({ ...found.meta, data: { file: DATA, sha256: sha256(data) } });
    const folder = this.#ownFolder(meta.id);
    this.#checkQuota(meta.id, data.byteLength);
    const fresh = aside(folder, "new");
    try {
      mkdirSync(fresh, { recursive: true, mode: 0o700 });
      writeSynced(join(fresh, DATA), data);
      const { receipt: _, ...lasting } = meta;
      writeSynced(join(fresh, META), `${JSON.stringify(lasting, null, 1)}\n`);
      syncFolder(fresh);
      swapIn(fresh, folder);
    } catch (error) {
      rmSync(fresh, { recursive: true, force: true });
      throw storageError(error, `artifact ${meta.id}`);
    }
    this.#loaded.delete(meta.id);
    return meta;
  }

  delete(id: string): boolean {
    const folder = this.#ownFolder(id);
    if (!existsSync(join(folder, META))) return false;
    const gone = aside(folder, "gone");
    try {
      renameSync(folder, gone);
      rmSync(gone, { recursive: true, force: true });
    } catch (error) {
      throw storageError(error, `artifact ${id}`);
    }
    this.#loaded.delete(id);
    return true;
  }

  /** Takes the user's own receipt of a shipped artifact away: the shipped one is shown again. */
  deleteReceipt(id: string): boolean {
    const path = inside(this.#ownFolder(id), RECEIPT);
    if (!this.isShipped(id) || !existsSync(path)) return false;
    try {
      rmSync(path);
    } catch (error) {
      throw storageError(error, `receipt of ${id}`);
    }
    return true;
  }

  /** @throws TillerError too-large */
  #checkQuota(id: string, bytes: number): void {
    const others = idsIn(this.#own).filter((other) => other !== id);
    const refuse = (what: string, limit: string): never => {
      throw new TillerError("too-large", `there are ${what} already`, {
        suggestion: `Delete some, or raise \`limits.${limit}\` in config.json.`,
      });
    };
    if (others.length >= this.#quota.artifacts) refuse(`${others.length} artifacts`, "artifacts");
    const sizes = others.map((other) => statSync(join(this.#ownFolder(other), DATA), { throwIfNoEntry: false })?.size ?? 0);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    if (total + bytes > this.#quota.artifactBytes) refuse(`${total} bytes of artifacts`, "artifactBytes");
  }

  /** What was made of a file, until it changes. */
  #once<T>(path: string, read: () => T): T {
    const stamp = stampOf(path);
    const present = this.#read.get(path);
    if (present?.stamp === stamp) return present.value as T;
    const value = read();
    if (stamp === "none") this.#read.delete(path);
    else this.#read.set(path, { stamp, value });
    return value;
  }

  /** The receipt that belongs to these very numbers: the user's own before the shipped one. */
  #withReceipt(meta: Artifact, folder: string): Artifact {
    for (const place of [this.#ownFolder(meta.id), folder]) {
      const receipt = this.#once(inside(place, RECEIPT), () => readReceipt(place));
      if (receipt?.artifact.id === meta.id && receipt.artifact.sha256 === meta.data.sha256) return { ...meta, receipt };
    }
    return { ...meta, receipt: null };
  }

  #ownFolder(id: string): string {
    ArtifactIdSchema.parse(id);
    return inside(this.#own, ...id.split("/"));
  }

  #folder(id: string): string | null {
    const own = this.#ownFolder(id);
    if (existsSync(join(own, META))) return own;
    const shipped = inside(this.#shipped, ...id.split("/"));
    return existsSync(join(shipped, META)) ? shipped : null;
  }
}

function readMeta(folder: string, id: string): Artifact {
  let value: unknown;
  try {
    value = JSON.parse(readLimited(inside(folder, META), MAX_META_BYTES).toString("utf8"));
  } catch {
    throw new TillerError("bad-artifact", `${id}: its description is not JSON`);
  }
  const parsed = StoredMetaSchema.safeParse(value);
  if (!parsed.success) throw fromZod(parsed.error, "bad-artifact", id);
  if (parsed.data.id !== id) throw new TillerError("bad-artifact", `${id}: its description is that of ${parsed.data.id}`);
  return { ...parsed.data, receipt: null };
}

/** One that is damaged counts as none: it can be measured again. */
function readReceipt(folder: string): Receipt | null {
  try {
    return ReceiptSchema.parse(JSON.parse(readLimited(inside(folder, RECEIPT), MAX_META_BYTES).toString("utf8")));
  } catch {
    return null;
  }
}

function readArtifact(folder: string, id: string): LoadedArtifact {
  const meta = readMeta(folder, id);
  let data: Buffer;
  try {
    data = readLimited(inside(folder, DATA), MAX_DATA_BYTES);
  } catch {
    throw new TillerError("bad-artifact", `${id}: its data cannot be read`);
  }
  if (sha256(data) !== meta.data.sha256) {
    throw new TillerError("bad-artifact", `${id}: its data does not have the checksum that its description states`, {
      suggestion: "The file was changed or damaged: make or import it again.",
    });
  }
  return { meta, tensors: decodeTensors(data, id) };
}

function readLimited(path: string, limit: number): Buffer {
  if (statSync(path).size > limit) throw new TillerError("too-large", "the file is too large");
  return readFileSync(path);
}

/** Names with `~` can be no artifact's. */
function aside(folder: string, what: "new" | "gone" | "old"): string {
  const unique = what === "old" ? "" : `${randomBytes(6).toString("hex")}.`;
  return join(dirname(folder), `~${basename(folder)}.${unique}${what}`);
}

function swapIn(fresh: string, folder: string): void {
  const old = aside(folder, "old");
  rmSync(old, { recursive: true, force: true });
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(fresh, folder);
  syncFolder(dirname(folder));
  rmSync(old, { recursive: true, force: true });
}

/** After a crash: `~x.old` without `x` is put back, unfinished and put-aside folders are removed. */
function repair(kind: string): void {
  for (const name of folders(kind).filter((candidate) => candidate.startsWith("~"))) {
    const folder = join(kind, name.slice(1, -".old".length));
    if (name.endsWith(".old") && !existsSync(folder)) renameSync(join(kind, name), folder);
    else rmSync(join(kind, name), { recursive: true, force: true });
  }
}

function idsIn(root: string): string[] {
  return folders(root).flatMap((kind) =>
    folders(join(root, kind))
      .map((name) => `${kind}/${name}`)
      .filter((id) => ArtifactIdSchema.safeParse(id).success && existsSync(join(root, id, META))),
  );
}

function folders(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}

function stampsOf(paths: readonly string[]): string {
  return paths.map(stampOf).join(" ");
}

function stampOf(path: string): string {
  try {
    const { size, mtimeMs, ino } = statSync(path);
    return `${size}:${mtimeMs}:${ino}`;
  } catch {
    return "none";
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
