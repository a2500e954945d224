/** Jobs on disk, one file each, so that long work survives a restart of the daemon. */
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import * as z from "zod";
import { DirectionsParamsSchema, type Job, JobErrorSchema, JobSchema } from "../protocol/api/library.ts";
import { ModelIdSchema } from "../protocol/api/model.ts";
import { EvaluateParamsSchema, EvaluationSpecSchema } from "../protocol/evaluation.ts";
import { SliderParamsSchema } from "../protocol/slider.ts";
import { removeLeftovers, writeAtomic } from "./atomic.ts";
import { inside } from "./paths.ts";

const JOB_FILE = /^([0-9a-z]{1,16}-[0-9a-f]{8})\.json$/;
/** Ended jobs beyond this are forgotten, oldest first. */
const KEPT = 200;

/** Jobs that were written before they had an error have none. */
const KeptJobSchema = JobSchema.extend({ error: JobErrorSchema.nullable().default(null) });
const common = { job: KeptJobSchema, model: ModelIdSchema };
export const StoredJobSchema = z.discriminatedUnion("kind", [
  z.object({ ...common, kind: z.literal("directions"), params: DirectionsParamsSchema }).strict(),
  // The specification as it was when the job was asked for: a file that changes meanwhile changes no running evaluation.
  z.object({ ...common, kind: z.literal("receipt"), params: EvaluateParamsSchema.safeExtend({ spec: EvaluationSpecSchema }) }).strict(),
  z.object({ ...common, kind: z.literal("slider"), params: SliderParamsSchema }).strict(),
]);
export type StoredJob = z.infer<typeof StoredJobSchema>;
export type JobWork = StoredJob extends infer S ? (S extends StoredJob ? Omit<S, "job" | "model"> : never) : never;

export class JobStore {
  readonly #folder: string;
  readonly #jobs = new Map<string, StoredJob>();

  constructor(folder: string) {
    this.#folder = folder;
    removeLeftovers(folder);
    for (const name of readdirSync(folder)) {
      const id = JOB_FILE.exec(name)?.[1];
      const stored = id === undefined ? null : readJob(inside(folder, name));
      if (stored !== null && stored.job.id === id) this.#jobs.set(id, stored);
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

  /** What a running job has finished so far, to go on from after a crash. @throws TillerError storage-failed */
  savePart(id: string, part: unknown): void {
    writeAtomic(inside(this.#folder, partFile(id)), `${JSON.stringify(part)}\n`);
  }

  /** null: nothing, or nothing that this version can read. */
  loadPart<T extends z.ZodType>(id: string, schema: T): z.output<T> | null {
    try {
      return schema.parse(JSON.parse(readFileSync(inside(this.#folder, partFile(id)), "utf8")));
    } catch {
      return null;
    }
  }

  dropPart(id: string): void {
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
    }
  }
}

export function newJobId(now = Date.now()): string {
  return `${now.toString(36).padStart(9, "0")}-${randomBytes(4).toString("hex")}`;
}

export function createdJob(id: string, kind: Job["kind"]): Job {
  return {
    id,
    kind,
    state: "queued",
    fraction: 0,
    message: "waiting",
    created: new Date().toISOString(),
    eta: null,
    result: null,
    error: null,
  };
}

function partFile(id: string): string {
  return `${id}.part.json`;
}

function readJob(path: string): StoredJob | null {
  try {
    return StoredJobSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}
