/** From what was asked for to what is run: checked, with everything fixed. */
import type * as z from "zod";
import type { Experiment, Library } from "../methods/contract.ts";
import { fromZod } from "../protocol/errors.ts";

/** @throws TillerError invalid-params naming the field, and whatever the experiment itself refuses */
export function prepare(experiment: Experiment, asked: unknown, library: Library): unknown {
  const params = parse(experiment.params, asked);
  return experiment.prepare === undefined ? params : experiment.prepare(params as never, library);
}

/** What was prepared before, such as by an earlier version of the program. @throws TillerError invalid-params */
export function prepared(experiment: Experiment, stored: unknown): unknown {
  return parse(experiment.prepared ?? experiment.params, stored);
}

function parse(schema: z.ZodType, value: unknown): unknown {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw fromZod(parsed.error, "invalid-params");
  return parsed.data;
}
