/** Jobs on disk, one file each, so that long work survives a restart of the daemon. */
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import * as z from "zod";
import { type Job, JobSchema } from "../protocol/api/library.ts";
import { ModelIdSchema } from "../protocol/api/model.ts";
import { fromZod } from "../protocol/errors.ts";
import { removeLeftovers, writeAtomic } from "./atomic.ts";
import { migrateJob, migratePart } from "./migrate-jobs.ts";
import { inside } from "./paths.ts";

const JOB_FILE = /^([0-9a-z]{1,16}-[0-9a-f]{8})\.json$/;
const PART_FILE = /^([0-9a-z]{1,16}-[0-9a-f]{8})\.part\.json$/;
/** Ended jobs beyond this are forgotten, oldest first. */
const KEPT = 200;

export const StoredJobSchema = z
  .object({
    job: JobSchema,
    /** null: it uses none */
    model: ModelIdSchema.nullable(),
    experiment: z.string().max(64),
    /** what the experiment was given, everything fixed; it checks them again */
    params: z.unknown(),
    /** of jobs of earlier versions: parameters as they were asked for, not fixed yet */
    asked: z.boolean().optional(),
  })
  .strict();
export type StoredJob = z.infer<typeof StoredJobSchema>;
export type JobWork = Omit<StoredJob, "job" | "asked">;

/** What a job's experiments have finished, by the part that each of them is. */
const PartSchema = z.record(z.string(), z.unknown());

export class JobStore {
  readonly #folder: string;
  readonly #jobs = new Map<string, StoredJob>();
  /** what could not be written */
  readonly #parts = new Map<string, unknown>();

  /** @param warn is told of files that cannot be read; they are put aside, and what belongs to no job is removed */
  constructor(folder: string, warn: (message: string) => void) {
    this.#folder = folder;
    removeLeftovers(folder);
    const names = readdirSync(folder);
    for (const name of names) {
      const id = JOB_FILE.exec(name)?.[1];
      if (id === undefined) continue;
      const read = readJob(inside(folder, name), id);
      if ("stored" in read) this.#jobs.set(id, read.stored);
      else warn(`the job ${id} cannot be read (${read.problem}): ${putAside(inside(folder, name))}`);
    }
    for (const name of names) {
      const id = PART_FILE.exec(name)?.[1];
      const state = id === undefined ? undefined : this.#jobs.get(id)?.job.state;
      if (id !== undefined && (state === undefined || state === "done")) this.#remove(name);
    }
  }

  /** Newest first: ids start with the time. */
  list(): StoredJob[] {
    return [...this.#jobs.values()].sort((a, b) => (a.job.id < b.job.id ? 1 : -1));
  }

  get(id: string): StoredJob | null {
    return this.#jobs.get(id) ?? null;
  }

  /** A new one; on disk before it is in memory. @throws TillerError storage-failed, and then there is no such job */
  add(stored: StoredJob): void {
    this.#write(stored);
    this.#jobs.set(stored.job.id, stored);
    this.#forgetOld();
  }

  /** In memory alone. */
  put(stored: StoredJob): void {
    this.#jobs.set(stored.job.id, stored);
  }

  /** Brings what memory holds of it to the disk. @throws TillerError storage-failed */
  save(id: string): void {
    const stored = this.#jobs.get(id);
    if (stored !== undefined) this.#write(stored);
    this.#forgetOld();
  }

  /** What a job has finished so far, to go on from. @throws TillerError storage-failed; it is held in memory all the same */
  savePart(id: string, part: unknown): void {
    this.#parts.set(id, part);
    writeAtomic(inside(this.#folder, partFile(id)), `${JSON.stringify(part)}\n`);
    this.#parts.delete(id);
  }

  /** What it had finished. null: nothing, or nothing that this version can read. */
  loadPart(id: string): z.output<typeof PartSchema> | null {
    try {
      return PartSchema.parse(this.#parts.get(id) ?? migratePart(JSON.parse(readFileSync(inside(this.#folder, partFile(id)), "utf8"))));
    } catch {
      return null;
    }
  }

  dropPart(id: string): void {
    this.#parts.delete(id);
    this.#remove(partFile(id));
  }

  #write(stored: StoredJob): void {
    writeAtomic(inside(this.#folder, `${stored.job.id}.json`), `${JSON.stringify(stored)}\n`);
  }

  /** What cannot be removed stays until a later start; no job fails of it. */
  #remove(name: string): void {
    try {
      rmSync(inside(this.#folder, name), { force: true });
    } catch {
      // The folder is gone or read-only.
    }
  }

  #forgetOld(): void {
    const ended = this.list().filter(({ job }) => job.state === "done" || job.state === "failed" || job.state === "cancelled");
    for (const { job } of ended.slice(KEPT)) {
      this.#jobs.delete(job.id);
      this.#remove(`${job.id}.json`);
      this.#remove(`${job.id}.report.json`);
      this.dropPart(job.id);
    }
  }
}

export function newJobId(now = Date.now()): string {
  return `${now.toString(36).padStart(9, "0")}-${randomBytes(4).toString("hex")}`;
}

export function createdJob(id: string, { id: experiment, title }: { readonly id: string; readonly title: string }, about: string): Job {
  return {
    id,
    experiment,
    title,
    state: "queued",
    fraction: 0,
    message: "waiting",
    about,
    created: new Date().toISOString(),
    ended: null,
    eta: null,
    result: null,
    report: false,
    error: null,
  };
}

function partFile(id: string): string {
  return `${id}.part.json`;
}

function readJob(path: string, id: string): { readonly stored: StoredJob } | { readonly problem: string } {
  try {
    const parsed = StoredJobSchema.safeParse(migrateJob(JSON.parse(readFileSync(path, "utf8"))));
    if (!parsed.success) return { problem: fromZod(parsed.error, "internal").message };
    return parsed.data.job.id === id ? { stored: parsed.data } : { problem: "it is that of another job" };
  } catch (error) {
    // What JSON.parse says quotes the file.
    return { problem: error instanceof SyntaxError ? "it is not JSON" : ((error as NodeJS.ErrnoException).code ?? "unknown") };
  }
}

/** Out of the way, so that it is told once, and kept for whoever wants to know what it was. */
function putAside(path: string): string {
  const name = `${basename(path)}.unreadable`;
  try {
    renameSync(path, join(dirname(path), name));
    return `its file is now ${name}`;
  } catch (error) {
    return `its file stays where it is (${(error as NodeJS.ErrnoException).code ?? "unknown"})`;
  }
}
