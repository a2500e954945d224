/** A limit of the tokens that a model may think for, as llama.cpp's sampler enforces it. */
import { TillerError } from "../../protocol/errors.ts";
import type { SamplerConfig } from "../model/native.ts";
import type { Prompt } from "./template.ts";

/**
 * @param tokenize special tokens are read, nothing is put in front
 * @throws TillerError invalid-params where the template says nothing of how reasoning begins and ends
 */
export function reasoningBudget(
  prompt: Prompt | null,
  tokens: number | null,
  tokenize: (text: string) => Int32Array,
): SamplerConfig["reasoning"] {
  if (tokens === null) return null;
  const rendered = prompt?.native ?? null;
  if (rendered === null || rendered.thinkingStart === "" || rendered.thinkingEnds.length === 0)
    throw new TillerError("invalid-params", "reasoningBudget: the model's chat template has no part for reasoning", {
      field: "reasoningBudget",
    });
  const { generationPrompt, thinkingStart, thinkingEnds } = rendered;
  const ends = thinkingEnds.map(tokenize);
  const opened = generationPrompt.lastIndexOf(thinkingStart);
  const begun = opened >= 0 && thinkingEnds.every((end) => generationPrompt.lastIndexOf(end) < opened);
  return { tokens, start: tokenize(thinkingStart), ends, forced: ends[0]!, begun };
}
