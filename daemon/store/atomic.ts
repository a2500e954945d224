/**
 * Writing files so that a crash at any point leaves the old or the new version: a temporary file beside the target is written
 * and synced, renamed over it, and the folder is synced. A failure (disk full among them) removes the temporary file, leaves
 * the old version and is reported as `storage-failed`.
 */
import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { TillerError } from "../protocol/errors.ts";

const TEMPORARY = /^\.[^/]+\.[0-9a-f]{12}\.tmp$/;
/** Left-over temporary files older than this belong to no running write. */
const STALE_MS = 3_600_000;

export interface WriteOptions {
  readonly mode?: number;
}

/** Synchronous on purpose: files here are small, and a write is never half seen by other work of this process. */
export function writeAtomic(path: string, data: string | Uint8Array, options: WriteOptions = {}): void {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    writeSynced(temporary, data, options.mode ?? 0o600);
    renameSync(temporary, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw storageError(error, basename(path));
  }
}

/** Creates or truncates `path`, writes all of it and syncs it. */
export function writeSynced(path: string, data: string | Uint8Array, mode = 0o600): void {
  const bytes = typeof data === "string" ? Buffer.from(data, "utf8") : data;
  const file = openSync(path, "w", mode);
  try {
    let written = 0;
    while (written < bytes.byteLength) {
      const count = writeSync(file, bytes, written, bytes.byteLength - written);
      if (count === 0) throw Object.assign(new Error("nothing was written"), { code: "ENOSPC" });
      written += count;
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes a rename in `folder` durable. Windows has no such call; there the rename alone must do. */
export function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Removes temporary files that a crash left in `folder`. */
export function removeLeftovers(folder: string, olderThanMs = STALE_MS): void {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const name of names) {
    if (!TEMPORARY.test(name)) continue;
    try {
      if (Date.now() - statSync(join(folder, name)).mtimeMs >= olderThanMs) rmSync(join(folder, name), { force: true });
    } catch {
      // Another process removed it first.
    }
  }
}

export function storageError(error: unknown, what: string): TillerError {
  if (error instanceof TillerError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? "unknown";
  const reason: Record<string, string> = {
    ENOSPC: "the disk is full",
    EDQUOT: "the disk quota is used up",
    EFBIG: "the file would exceed the size limit",
    EACCES: "no permission",
    EROFS: "the disk is read-only",
    ENOENT: "its folder does not exist",
    ENOTDIR: "its folder is a file",
    EISDIR: "it is a folder",
  };
  return new TillerError("storage-failed", `${what} could not be written: ${reason[code] ?? code}; what was there before is unchanged`, {
    suggestion:
      code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG"
        ? "Free some space and try again."
        : "Check the store's folder and try again.",
  });
}
