/** `tiller vector make --from "sarcasm"`: the model writes the contrast pairs itself. */
import type { JudgeChoice } from "../../protocol/evaluation.ts";
import { parseJudge } from "../../protocol/judge-name.ts";
import { idStem } from "../../protocol/rules/slug.ts";
import { artifactId } from "../arguments/arguments.ts";
import { usage } from "../output/failure.ts";

export interface FromOptions {
  readonly from?: string;
  readonly opposite?: string;
  readonly judge?: JudgeChoice;
  readonly model?: string;
  readonly choose?: string;
  readonly layers?: number;
  readonly seed?: number;
  readonly title?: string;
}

/** What only pairs that were given can have. */
const FOREIGN = [
  "pairs",
  "positive",
  "negative",
  "texts",
  "method",
  "site",
  "readAt",
  "finalNorm",
  "render",
  "heldOut",
  "licence",
] as const;

/** The experiment, but for its model. */
export interface Asked {
  readonly id: string;
  readonly params: { readonly id: string } & Readonly<Record<string, unknown>>;
}

export function checkFrom(id: string | undefined, options: FromOptions & Readonly<Record<string, unknown>>): Asked {
  const foreign = FOREIGN.find((name) => options[name] !== undefined);
  if (foreign !== undefined) throw usage(`--from writes the pairs itself; --${foreign} goes with pairs that are given`, foreign);
  const { from, opposite, judge, choose, layers, seed, title } = options;
  const given = Object.entries({ opposite, judge, choose, layers, seed, title }).filter(([, value]) => value !== undefined);
  return { id: "directions/from-words", params: { id: id ?? idOf(from!), from: from!, ...Object.fromEntries(given) } };
}

/** `direction/sarcasm` of “Sarcasm!”, as the page names it. */
function idOf(from: string): string {
  const stem = idStem(from, "slider");
  if (stem === null) throw usage("--from: say what the slider should do, in a word or a sentence", "from");
  return artifactId(`direction/${stem}`);
}

export function judgeChoice(text: string): JudgeChoice {
  const choice = parseJudge(text);
  if (choice === null) throw usage(`--judge ${text}: must look like emotion/joy (a label) or length:words (a figure)`, "judge");
  return choice;
}
