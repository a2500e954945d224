/** The sampling panel as a table: what each number is called, its range, and what it does. */
import type { Sampling } from "../../daemon/protocol/preset.ts";

type Key = Exclude<keyof Sampling, "seed" | "drySequenceBreakers" | "mirostat">;

export interface SamplingField {
  readonly key: Key;
  readonly title: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly hint: string;
}

export const SAMPLING_FIELDS: readonly SamplingField[] = [
  { key: "temperature", title: "Temperature", min: 0, max: 5, step: 0.05, hint: "0 always takes the most likely token; higher is freer" },
  { key: "topK", title: "Top-k", min: 0, max: 100000, step: 1, hint: "only the k most likely tokens; 0: off" },
  { key: "topP", title: "Top-p", min: 0, max: 1, step: 0.01, hint: "the smallest set of tokens with this probability; 1: off" },
  { key: "minP", title: "Min-p", min: 0, max: 1, step: 0.01, hint: "leaves out tokens below this part of the best one's probability" },
  { key: "maxTokens", title: "Max tokens", min: 1, max: 1000000, step: 1, hint: "where the answer ends at the latest" },
  {
    key: "repeatPenalty",
    title: "Repeat penalty",
    min: 0.1,
    max: 10,
    step: 0.01,
    hint: "above 1: tokens that were used become less likely",
  },
  { key: "frequencyPenalty", title: "Frequency penalty", min: -10, max: 10, step: 0.05, hint: "grows with every use of a token" },
  { key: "presencePenalty", title: "Presence penalty", min: -10, max: 10, step: 0.05, hint: "once for any token that was used" },
  { key: "penaltyLastN", title: "Penalty window", min: 0, max: 65536, step: 1, hint: "how many tokens the penalties look back" },
];

export const MORE_SAMPLING_FIELDS: readonly SamplingField[] = [
  { key: "typicalP", title: "Typical-p", min: 0, max: 1, step: 0.01, hint: "locally typical sampling; 1: off" },
  { key: "topNSigma", title: "Top-nσ", min: -1, max: 10, step: 0.1, hint: "tokens within n deviations of the best; −1: off" },
  { key: "dryMultiplier", title: "DRY multiplier", min: 0, max: 10, step: 0.05, hint: "against repeated phrases; 0: off" },
  { key: "dryBase", title: "DRY base", min: 1, max: 10, step: 0.05, hint: "how fast the DRY penalty grows" },
  { key: "dryAllowedLength", title: "DRY allowed length", min: 0, max: 1000, step: 1, hint: "repeats up to this length go free" },
  { key: "dryLastN", title: "DRY window", min: 0, max: 65536, step: 1, hint: "how many tokens DRY looks back" },
  { key: "xtcProbability", title: "XTC probability", min: 0, max: 1, step: 0.01, hint: "how often the best tokens are left out; 0: off" },
  { key: "xtcThreshold", title: "XTC threshold", min: 0, max: 1, step: 0.01, hint: "tokens above this probability may be left out" },
  {
    key: "dynatempRange",
    title: "Dynamic temperature",
    min: 0,
    max: 5,
    step: 0.05,
    hint: "how far temperature follows the entropy; 0: off",
  },
  { key: "dynatempExponent", title: "Dynamic exponent", min: 0, max: 10, step: 0.1, hint: "how it follows" },
  { key: "mirostatTau", title: "Mirostat τ", min: 0, max: 100, step: 0.1, hint: "wanted surprise" },
  { key: "mirostatEta", title: "Mirostat η", min: 0, max: 100, step: 0.01, hint: "learning rate" },
];
