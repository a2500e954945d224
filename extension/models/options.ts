/** What a caller of the editor's language-model API may set (`modelOptions`), by the names that its users know from other providers. Pure. */
import type { ParamsIn } from "../../daemon/protocol/api/index.ts";

type Sampling = NonNullable<ParamsIn<"generate.chat">["sampling"]>;

type Known = "temperature" | "topP" | "topK" | "minP" | "seed" | "maxTokens";

const NAMES: Readonly<Record<string, Known>> = {
  temperature: "temperature",
  top_p: "topP",
  topP: "topP",
  top_k: "topK",
  topK: "topK",
  min_p: "minP",
  minP: "minP",
  seed: "seed",
  max_tokens: "maxTokens",
  maxTokens: "maxTokens",
};

/** @throws Error of an option that would have no effect */
export function samplingOf(options: Readonly<Record<string, unknown>> | undefined): { sampling?: Sampling } {
  const given = Object.entries(options ?? {}).filter(([, value]) => value !== undefined && value !== null);
  const sampling: Partial<Record<Known, number>> = {};
  for (const [name, value] of given) {
    const known = NAMES[name];
    if (known === undefined)
      throw new Error(
        `a model of Tiller has no option '${name}'; it has ${Object.keys(NAMES).join(", ")}. A preset's 'sampling' holds the others.`,
      );
    if (typeof value !== "number") throw new Error(`modelOptions.${name} is a number, not ${JSON.stringify(value)}`);
    sampling[known] = value;
  }
  return given.length === 0 ? {} : { sampling };
}
