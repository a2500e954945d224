/** Jobs on disk, one file each, so that long work survives a restart of the daemon. */
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import * as z from "zod";
import { DirectionsParamsSchema, type Job, JobSchema } from "../protocol/api/library.ts";
import { ModelIdSchema } from "../protocol/api/model.ts";
import { removeLeftovers, writeAtomic } from "./atomic.ts";
import { inside } from "./paths.ts";

const JOB_FILE = /^([0-9a-z]{1,16}-[0-9a-f]{8})\.json$/;
/** Ended jobs beyond this are forgotten, oldest first. */
const KEPT = 200;

export const StoredJobSchema = z.object({ job: JobSchema, params: DirectionsParamsSchema, model: ModelIdSchema }).strict();
export type StoredJob = z.infer<typeof StoredJobSchema>;

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

  /** Keeps it in memory and, unless it is mere progress, on disk. */
  put(stored: StoredJob, durable: boolean): void {
    if (durable) writeAtomic(inside(this.#folder, `${stored.job.id}.json`), `${JSON.stringify(stored)}\n`);
    this.#jobs.set(stored.job.id, stored);
    if (durable) this.#forgetOld();
  }

  #forgetOld(): void {
    const ended = this.list().filter(({ job }) => job.state === "done" || job.state === "failed" || job.state === "cancelled");
    for (const { job } of ended.slice(KEPT)) {
      this.#jobs.delete(job.id);
      rmSync(inside(this.#folder, `${job.id}.json`), { force: true });
    }
  }
}

export function newJobId(now = Date.now()): string {
  return `${now.toString(36).padStart(9, "0")}-${randomBytes(4).toString("hex")}`;
}

export function createdJob(id: string): Job {
  return {
    id,
    kind: "directions",
    state: "queued",
    fraction: 0,
    message: "waiting",
    created: new Date().toISOString(),
    eta: null,
    result: null,
  };
}

function readJob(path: string): StoredJob | null {
  try {
    return StoredJobSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}
