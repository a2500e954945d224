/** Ollama's options as our sampling. Pure. */
import type { Sampling } from "../../protocol/preset.ts";
import { seedOf } from "../openai/sampling.ts";
import type { Options } from "./schema.ts";

export function samplingOf(options: Options | null | undefined): Sampling {
  if (options == null) return {};
  const { num_predict: most, repeat_last_n: last } = options;
  const given: [keyof Sampling, number | null | undefined][] = [
    ["temperature", options.temperature],
    ["topK", options.top_k === -1 ? 0 : options.top_k],
    ["topP", options.top_p],
    ["minP", options.min_p],
    ["typicalP", options.typical_p],
    ["repeatPenalty", options.repeat_penalty],
    // −1 is the whole context
    ["penaltyLastN", last === -1 ? 65_536 : last],
    ["presencePenalty", options.presence_penalty],
    ["frequencyPenalty", options.frequency_penalty],
    ["mirostat", options.mirostat],
    ["mirostatTau", options.mirostat_tau],
    ["mirostatEta", options.mirostat_eta],
    ["seed", seedOf(options.seed, 0)],
    ["maxTokens", most == null || most < 1 ? null : most],
  ];
  return Object.fromEntries(given.filter(([, value]) => value !== null && value !== undefined));
}

export function stopsOf(options: Options | null | undefined): string[] {
  return [options?.stop ?? []].flat().filter((one) => one !== "");
}

/** "json" is any object. */
export function schemaOf(format: string | Record<string, unknown> | null | undefined): Record<string, unknown> | undefined {
  if (format == null || format === "") return undefined;
  return typeof format === "string" ? { type: "object", additionalProperties: true } : format;
}
