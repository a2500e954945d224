/** The judges by id. Each is read when it is first asked for: some have weights. */
import { languageJudge } from "../evaluate/judges/language.ts";
import { lengthJudge } from "../evaluate/judges/length.ts";
import { repetitionJudge } from "../evaluate/judges/repetition.ts";
import type { Judge } from "../evaluate/judges/types.ts";
import { TillerError } from "../protocol/errors.ts";

const JUDGES: Readonly<Record<string, () => Promise<Judge>>> = {
  language: async () => languageJudge,
  length: async () => lengthJudge,
  repetition: async () => repetitionJudge,
};

/** @throws TillerError not-found */
export async function judgeOf(id: string): Promise<Judge> {
  const make = Object.hasOwn(JUDGES, id) ? JUDGES[id] : undefined;
  if (make === undefined)
    throw new TillerError("not-found", `there is no judge '${id}'`, {
      field: "spec.judge.id",
      suggestion: `There is ${Object.keys(JUDGES).join(", ")}.`,
    });
  return make();
}
