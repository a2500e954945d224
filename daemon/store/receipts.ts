/** Receipts beside an artifact: `receipts/<key>.json`, one for each control setting and behaviour; a new one of the same takes its place. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Artifact } from "../protocol/artifact.ts";
import { type Receipt, ReceiptSchema } from "../protocol/receipt.ts";
import { storageError, writeAtomic } from "./atomic.ts";
import { sha256Of } from "./content-hash.ts";
import { migrateReceipt } from "./migrate-artifacts.ts";

const FOLDER = "receipts";
/** Where versions before there were several kept the only one. */
const SINGLE = "receipt.json";
const MAX_BYTES = 4 * 1024 * 1024;

/** What two receipts have in common of which the later one counts. */
export function receiptKey({ control, judge, title, preset, quick = null }: Receipt): string {
  const { settings, scope, when } = control;
  // a quick verdict never takes the place of a full receipt
  const kind = quick === null ? {} : { quick: true };
  return sha256Of({ settings, scope, when, judge: judge.choice, title, preset, ...kind }).slice(0, 16);
}

export function writeReceipt(folder: string, receipt: Receipt): void {
  const place = join(folder, FOLDER);
  try {
    mkdirSync(place, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw storageError(error, `receipt of ${receipt.artifact.id}`);
  }
  writeAtomic(join(place, `${receiptKey(receipt)}.json`), `${JSON.stringify(receipt, null, 1)}\n`);
}

/** Reads a file, or gives what was made of it before when it has not changed. */
type Once = <T>(path: string, read: () => T) => T;

/** Those that belong to exactly this artifact: all of an earlier folder before those of a later one, in each the newest first. */
export function readReceipts(folders: readonly string[], artifact: Artifact, once: Once = (_, read) => read()): Receipt[] {
  const found = new Map<string, Receipt>();
  for (const folder of folders) {
    const receipts = filesIn(folder).map((path) => once(path, () => readReceipt(path, artifact)));
    const own = receipts.filter((receipt) => receipt?.artifact.id === artifact.id && receipt.artifact.sha256 === artifact.hash);
    for (const receipt of own.sort((a, b) => (a!.created < b!.created ? 1 : -1))) {
      const key = receiptKey(receipt!);
      if (!found.has(key)) found.set(key, receipt!);
    }
  }
  return [...found.values()];
}

/** @returns whether there was one */
export function deleteReceipts(folder: string, id: string): boolean {
  const paths = [join(folder, FOLDER), join(folder, SINGLE)].filter((path) => existsSync(path));
  try {
    for (const path of paths) rmSync(path, { recursive: true });
  } catch (error) {
    throw storageError(error, `receipts of ${id}`);
  }
  return paths.length > 0;
}

/** One that is written again is newer than the single one of old, which is read last. */
function filesIn(folder: string): string[] {
  const place = join(folder, FOLDER);
  const several = existsSync(place) ? readdirSync(place).filter((name) => name.endsWith(".json")) : [];
  const single = join(folder, SINGLE);
  return [...several.sort().map((name) => join(place, name)), ...(existsSync(single) ? [single] : [])];
}

/** One that is damaged counts as none: it can be measured again. */
function readReceipt(path: string, artifact: Artifact): Receipt | null {
  try {
    if (statSync(path).size > MAX_BYTES) return null;
    return ReceiptSchema.parse(migrateReceipt(JSON.parse(readFileSync(path, "utf8")), artifact));
  } catch {
    return null;
  }
}
