/** A stored job's parameters, checked again: they may be those of an earlier version of the program. */
import { prepare, prepared } from "../../experiments/ask.ts";
import type { Experiment, Library } from "../../methods/contract.ts";
import type { StoredJob } from "../../store/jobs.ts";

/** Jobs of versions that did not fix what was asked for have it fixed now. @throws TillerError naming the field */
export function fixed(experiment: Experiment, { params, asked }: StoredJob, library: Library): unknown {
  return asked === true ? prepare(experiment, params, library) : prepared(experiment, params);
}
