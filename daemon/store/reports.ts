/** Reports beside the jobs that made them: `<job>.report.json`. */
import { readFileSync } from "node:fs";
import { type Report, ReportSchema } from "../protocol/report.ts";
import { writeAtomic } from "./atomic.ts";
import { inside } from "./paths.ts";

export class ReportStore {
  readonly #folder: string;

  /** @param folder of the jobs */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws TillerError storage-failed, or a ZodError where an experiment's blocks are not as they should be */
  save(report: Report): void {
    writeAtomic(this.#path(report.job), `${JSON.stringify(ReportSchema.parse(report))}\n`);
  }

  /** null: there is none, or none that can be read */
  load(job: string): Report | null {
    try {
      return ReportSchema.parse(JSON.parse(readFileSync(this.#path(job), "utf8")));
    } catch {
      return null;
    }
  }

  #path(job: string): string {
    return inside(this.#folder, `${job}.report.json`);
  }
}
