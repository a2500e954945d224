/**
 * The lock file `daemon.json` (mode 0600): one daemon per user, found by everything of ours. It is created whole (linked into
 * place, which fails when there is one), so a reader never sees half of it.
 */
import { randomBytes } from "node:crypto";
import { closeSync, constants, copyFileSync, linkSync, openSync, readFileSync, rmSync, statSync } from "node:fs";
import { get } from "node:http";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { TillerError } from "../protocol/errors.ts";
import { storageError, writeSynced } from "./atomic.ts";

export const LockSchema = z
  .object({
    pid: z.number().int().min(1),
    host: z.string().max(255),
    port: z.number().int().min(1).max(65535),
    /** 128 bits, base64url; allows everything */
    token: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
    version: z.string().max(40),
    protocol: z.number().int(),
    started: z.string().max(40),
    /** see buildId; none: written by a daemon that did not say */
    build: z.string().max(64).optional(),
  })
  // a newer daemon may say more; its lock is a lock all the same
  .strip();
export type Lock = z.infer<typeof LockSchema>;

export function newToken(): string {
  return randomBytes(16).toString("base64url");
}

/** What `/health` answers to anyone. By `started` a lock is known as this daemon's: pids and ports are used again. */
export function liveness({ started }: Pick<Lock, "started">): { status: "ok"; name: "tiller"; started: string } {
  return { status: "ok", name: "tiller", started };
}

export function lockUrl(lock: Pick<Lock, "host" | "port">): string {
  return `http://${lock.host.includes(":") ? `[${lock.host}]` : lock.host}:${lock.port}`;
}

/** null: there is none, or it is not one (a half-written or foreign file counts as stale). */
export function readLock(path: string): Lock | null {
  return parseLock(readText(path));
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function parseLock(text: string | null): Lock | null {
  try {
    return text === null ? null : LockSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** The lock of a daemon that lives; null when there is none or its process is gone. */
export async function findDaemon(path: string): Promise<Lock | null> {
  const lock = readLock(path);
  return lock !== null && (await isAlive(lock)) ? lock : null;
}

/**
 * Takes the lock. A stale one (its process is gone, or another program has its pid and nothing answers at its address) is
 * replaced.
 * @throws TillerError conflict, naming pid and address of the daemon that has it
 */
export async function acquireLock(path: string, lock: Lock): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (create(path, lock)) return;
    const text = readText(path);
    if (text === null) continue;
    const present = parseLock(text);
    if (present !== null && (await isAlive(present))) {
      throw new TillerError("conflict", `a daemon already runs: pid ${present.pid} at ${lockUrl(present)}`, {
        suggestion: "Use that one, or end it with `tiller stop`.",
      });
    }
    // Half a file is perhaps being written, where there are no hard links.
    if (present === null) await sleep(50);
    if (!removeStale(path, text)) await sleep(20);
  }
  throw new TillerError("storage-failed", "the lock file could not be taken");
}

/** Removes the lock if it is still ours. */
export function releaseLock(path: string, token: string): void {
  if (readLock(path)?.token === token) rmSync(path, { force: true });
}

function create(path: string, lock: Lock): boolean {
  // named as removeLeftovers knows them: a crash here would leave a token behind
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    writeSynced(temporary, `${JSON.stringify(lock)}\n`, 0o600);
    return putWhole(temporary, path);
  } catch (error) {
    throw storageError(error, basename(path));
  } finally {
    rmSync(temporary, { force: true });
  }
}

function putWhole(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EEXIST") return false;
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS") throw error;
  }
  // File systems without hard links: an exclusive copy, which a reader could see half of for an instant.
  try {
    copyFileSync(from, to, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Older than this, a guard's owner died between two lines of `removeStale`. */
const GUARD_MS = 10_000;

/**
 * Removes the lock if it still says `text`. Only who holds a guard file may: of two that found the same stale lock the slower one
 * would otherwise remove what the quicker one has put in its place.
 * @returns false when another one is at it
 */
function removeStale(path: string, text: string): boolean {
  const guard = join(dirname(path), `.${basename(path)}.guard`);
  try {
    closeSync(openSync(guard, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw storageError(error, basename(path));
    const made = statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - made > GUARD_MS) rmSync(guard, { force: true });
    return false;
  }
  try {
    if (readText(path) === text) rmSync(path, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
  return true;
}

async function isAlive(lock: Lock): Promise<boolean> {
  return (lock.pid === process.pid || processExists(lock.pid)) && (await answersAsDaemon(lock));
}

/**
 * Bare liveness, by node:http because `fetch` refuses some ports. A daemon that is busy, stopped or full is still there; a
 * refused connection, an answer in another language or of another daemon says that it is not.
 */
function answersAsDaemon({ host, port, started }: Lock): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host, port, path: "/health", timeout: 2000, agent: false }, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => {
        body += body.length < 1000 ? chunk.toString("utf8") : "";
      });
      response.on("end", () => resolve(body === JSON.stringify(liveness({ started }))));
      response.on("error", () => resolve(true));
    });
    request.on("timeout", () => {
      resolve(true);
      request.destroy();
    });
    request.on("error", ({ code = "" }: NodeJS.ErrnoException) => resolve(code !== "ECONNREFUSED" && !code.startsWith("HPE_")));
  });
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
