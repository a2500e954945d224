/**
 * Keys of OpenAI's bodies that clients send as a matter of course and that change no answer here. Each is taken only as far as
 * that holds: tools with entries, or an answer that is to be stored, are refused by name.
 */
import * as z from "zod";

const label = z.string().max(1000).nullish();
/** A list that clients send empty; `what` it would ask for is not here. */
const empty = (what: string) => z.array(z.unknown()).max(0, `must be empty: ${what}`).nullish();

export const HARMLESS = {
  user: label.describe("this and the next ones are taken for compatibility; nothing is done with them"),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  service_tier: label,
  safety_identifier: label,
  prompt_cache_key: label,
  prompt_cache_retention: label,
  store: z.literal(false, "must be false: answers are not stored").nullish(),
};

export const HARMLESS_CHAT = {
  functions: empty("functions are given as tools"),
  modalities: z.array(z.literal("text", "must be text: answers are text")).max(1).nullish(),
};

/** What an answer's message has beside its text, when a client sends it back as a turn. */
export const HARMLESS_MESSAGE = {
  name: z.string().max(200).nullish().describe("taken for compatibility; the model does not see it"),
  refusal: z.null().optional(),
  annotations: empty("annotations are not read"),
  function_call: z.null().optional(),
  audio: z.null().optional(),
};

export const HARMLESS_COMPLETION = {
  best_of: z.literal(1, "only one answer per request").nullish(),
};
