/**
 * Artifacts: a folder `<kind>/<name>` each, with artifact.json and data.safetensors (sha256 checked on every load from disk),
 * and receipts/ once its effect was measured. Receipts of a shipped artifact lie alone in the user's own folder.
 * A new version is written beside the old one and swapped in by renames; a crash between them is repaired at the next start,
 * so there is always the old or the new one.
 */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { FoundArtifact, LoadedArtifact } from "../compiler/types.ts";
import { type Artifact, ArtifactSchema } from "../protocol/artifact.ts";
import { fromZod, TillerError } from "../protocol/errors.ts";
import { ArtifactIdSchema } from "../protocol/preset.ts";
import type { Receipt } from "../protocol/receipt.ts";
import { ARTIFACT_VERSION } from "../protocol/version.ts";
import { decodeTensors, encodeTensors } from "./artifact-data.ts";
import { storageError, syncFolder, writeSynced } from "./atomic.ts";
import { contentHash } from "./content-hash.ts";
import { migrateArtifact } from "./migrate-artifacts.ts";
import { inside } from "./paths.ts";
import { deleteReceipts, readReceipts, writeReceipt } from "./receipts.ts";

const META = "artifact.json";
const DATA = "data.safetensors";
const MAX_META_BYTES = 4 * 1024 * 1024;
const MAX_DATA_BYTES = 1024 * 1024 * 1024;

/** On disk receipts have their own files. */
const StoredMetaSchema = ArtifactSchema.omit({ receipts: true });

/** Of a kind's method: what stands in a body. @throws TillerError bad-artifact */
export type CheckBody = (kind: string, body: unknown, id: string) => Artifact["body"];

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

  readonly #check: CheckBody;

  constructor(paths: { readonly artifacts: string; readonly shipped: string }, check: CheckBody, quota: ArtifactQuota = NO_QUOTA) {
    this.#quota = quota;
    this.#check = check;
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
      : this.#withReceipts(
          this.#once(id, inside(folder, META), () => readMeta(folder, id, this.#check)),
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
    const artifact = readArtifact(folder, id, this.#check);
    const own = this.#ownFolder(id);
    this.#loaded.set(id, { files, own: own === folder, ownMeta: join(own, META), stamp, artifact });
    return artifact;
  }

  /** Puts a receipt beside the user's own artifact, or alone where the artifact is a shipped one. */
  saveReceipt(receipt: Receipt): void {
    writeReceipt(this.#ownFolder(receipt.artifact.id), receipt);
  }

  /** Writes a found artifact under its id; one of the user's own of that id is replaced. */
  save(found: FoundArtifact): Artifact {
    const data = encodeTensors(found.tensors);
    const kind = found.meta.id.split("/")[0]!;
    const body = this.#check(kind, found.meta.body, found.meta.id);
    const described = { ...found.meta, kind, body, data: { file: DATA, sha256: sha256(data) } as const };
    const meta = ArtifactSchema.parse({ ...described, tiller: ARTIFACT_VERSION, hash: contentHash(described), receipts: [] });
    const folder = this.#ownFolder(meta.id);
    this.#checkQuota(meta.id, data.byteLength);
    const fresh = aside(folder, "new");
    try {
      mkdirSync(fresh, { recursive: true, mode: 0o700 });
      writeSynced(join(fresh, DATA), data);
      const { receipts: _, ...lasting } = meta;
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

  /** Takes the user's own receipts of a shipped artifact away: the shipped ones are shown again. */
  deleteReceipts(id: string): boolean {
    return this.isShipped(id) && deleteReceipts(this.#ownFolder(id), id);
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
  #once<T>(key: string, path: string, read: () => T): T {
    const stamp = stampOf(path);
    const present = this.#read.get(`${key} ${path}`);
    if (present?.stamp === stamp) return present.value as T;
    const value = read();
    if (stamp === "none") this.#read.delete(`${key} ${path}`);
    else this.#read.set(`${key} ${path}`, { stamp, value });
    return value;
  }

  /** The receipts that belong to exactly this artifact: the user's own before the shipped ones. */
  #withReceipts(meta: Artifact, folder: string): Artifact {
    const folders = [...new Set([this.#ownFolder(meta.id), folder])];
    return { ...meta, receipts: readReceipts(folders, meta, (path, read) => this.#once(meta.hash, path, read)) };
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

function readMeta(folder: string, id: string, check: CheckBody): Artifact {
  let value: unknown;
  try {
    value = migrateArtifact(JSON.parse(readLimited(inside(folder, META), MAX_META_BYTES).toString("utf8")));
  } catch {
    throw new TillerError("bad-artifact", `${id}: its description is not JSON`);
  }
  const parsed = StoredMetaSchema.safeParse(value);
  if (!parsed.success) throw fromZod(parsed.error, "bad-artifact", id);
  const { data } = parsed;
  if (data.id !== id) throw new TillerError("bad-artifact", `${id}: its description is that of ${data.id}`);
  if (!id.startsWith(`${data.kind}/`))
    throw new TillerError("bad-artifact", `${id}: its kind is '${data.kind}', not the first part of its id`);
  if (data.hash !== contentHash(data))
    throw new TillerError("bad-artifact", `${id}: its description does not have the hash that it states`, {
      suggestion: "The file was changed or damaged: make or import it again.",
    });
  return { ...data, body: check(data.kind, data.body, id), receipts: [] };
}

function readArtifact(folder: string, id: string, check: CheckBody): LoadedArtifact {
  const meta = readMeta(folder, id, check);
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
