/** What the training of a scorer is asked for. */
import * as z from "zod";
import type { RewardSchema } from "../../protocol/decoding.ts";
import { making, provenance, seed } from "../shared/params.ts";
import { MAX_RANK, OBJECTIVES } from "./body.ts";

export const REWARDS = {
  length: "log(tokens / 1024); a weight below 0 then asks for short answers",
  pattern: "1 where a regular expression matches, else 0",
  json: "1 where the answer is JSON, else 0",
  judge: "what a judge says of the answer",
} as const;

const LEARNS = {
  "cd-q": "each step from the mean of the next step's values under the model (CD-Q)",
  "cd-fudge": "each step from the reward of its own answer (CD-FUDGE)",
} as const satisfies Record<(typeof OBJECTIVES)[number], string>;

export const TrainSchema = z
  .object({
    ...making,
    reward: z
      .enum(Object.keys(REWARDS) as [keyof typeof REWARDS, ...(keyof typeof REWARDS)[]])
      .default("length")
      .describe("what a finished answer earns")
      .meta({ title: "Reward", options: REWARDS }),
    pattern: z.string().min(1).max(2000).optional().describe("of the reward `pattern`").meta({ title: "Pattern" }),
    judge: z
      .string()
      .max(120)
      .optional()
      .describe("of the reward `judge`: `emotion/joy`, 1 where the judge finds this label, or `fluency:bits`, a figure")
      .meta({ title: "Judge", example: "emotion/joy" }),
    language: z.string().min(2).max(8).default("en").describe("of the answers, for judges").meta({ title: "Language", advanced: true }),
    unended: z
      .number()
      .finite()
      .min(-1e6)
      .max(1e6)
      .optional()
      .describe("what an answer earns that the limit of tokens cuts off; left out: what there is of it")
      .meta({ title: "Reward of a cut answer" }),
    prompts: z
      .array(z.string().min(1).max(4000))
      .min(5)
      .max(2000)
      .describe("what users say; a fifth of them chooses when to stop, and another one only measures")
      .meta({ title: "Prompts", widget: "texts", example: "Tell me about the sea." }),
    rollouts: z
      .number()
      .int()
      .min(2)
      .max(256)
      .default(16)
      .describe("answers to each prompt, sampled at temperature 1")
      .meta({ title: "Answers" }),
    maxTokens: z.number().int().min(4).max(1024).default(96).describe("of an answer").meta({ title: "Tokens", advanced: true }),
    objective: z.enum(OBJECTIVES).default("cd-fudge").describe("what it learns from").meta({ title: "Learns", options: LEARNS }),
    rank: z
      .number()
      .int()
      .min(1)
      .max(MAX_RANK)
      .default(8)
      .describe("products of the state that tokens are told apart by")
      .meta({ title: "Rank", advanced: true }),
    epochs: z
      .number()
      .int()
      .min(1)
      .max(500)
      .default(20)
      .describe("times that every step is learned from")
      .meta({ title: "Epochs", advanced: true }),
    rate: z.number().min(1e-5).max(0.1).default(0.003).describe("of Adam").meta({ title: "Rate", advanced: true }),
    seed: seed("of the answers, the split and the training"),
    ...provenance,
  })
  .strict()
  .refine(({ reward, pattern }) => reward !== "pattern" || pattern !== undefined, { path: ["pattern"], message: "name the pattern" })
  .refine(({ reward, judge }) => reward !== "judge" || judge !== undefined, { path: ["judge"], message: "name the judge" });
export type Train = z.infer<typeof TrainSchema>;

/** As rules of decoding write it. */
export function rewardOf({ reward, pattern, judge, language, unended }: Train): z.infer<typeof RewardSchema> {
  const more = unended === undefined ? {} : { unended };
  switch (reward) {
    case "length":
      return { is: "length", weight: 1, ...more };
    case "pattern":
      return { is: "pattern", pattern: pattern!, weight: 1, ...more };
    case "json":
      return { is: "json", weight: 1, ...more };
    default:
      return { is: "judge", judge: judge!, language, weight: 1, ...more };
  }
}
