/** What the search and the training are asked for. */
import * as z from "zod";
import { JudgeChoiceSchema, LanguageSchema } from "../../protocol/evaluation.ts";
import { making, provenance, seed } from "../shared/params.ts";
import { MAX_ROWS } from "./body.ts";
import { GUIDELINE_IDS, GUIDELINES, MOST_SUFFIXES } from "./guidelines.ts";

const line = z.string().min(1).max(300);

const asking = {
  guideline: line
    .optional()
    .describe("what answers should be, as the end of `The answer …`; either this or `ready`")
    .meta({ title: "The answer …", example: "is calm and friendly" }),
  ready: z
    .enum(GUIDELINE_IDS)
    .optional()
    .describe("a guideline that comes with Tiller")
    .meta({
      title: "Ready guideline",
      options: Object.fromEntries(GUIDELINE_IDS.map((id) => [id, `the answer ${GUIDELINES[id].guideline}`])),
    }),
  instruction: line
    .optional()
    .describe("the same as an instruction, for the comparison with prompting; left out: `Make sure that your answer …`")
    .meta({ title: "Instruction to compare with", example: "Answer calmly." }),
  suffixes: z
    .number()
    .int()
    .min(1)
    .max(MOST_SUFFIXES)
    .default(1)
    .describe("questions about the answer whose scores are averaged")
    .meta({ title: "Questions", advanced: true }),
};
const ONE = "give a guideline or the name of a ready one";
const prompts = z.array(z.string().min(1).max(4000)).max(400).describe("what users say");

const searching = {
  iterations: z.number().int().min(1).max(20).default(3).describe("of the search").meta({ title: "Iterations", advanced: true }),
  step: z.number().min(0.001).max(2).default(0.05).describe("first step, in median residual norms").meta({ title: "Step", advanced: true }),
  tries: z
    .number()
    .int()
    .min(1)
    .max(8)
    .default(4)
    .describe("sizes tried in each iteration, each twice the one before")
    .meta({ title: "Sizes", advanced: true }),
  threshold: z.number().min(0).max(1).default(0).describe("by how much the score must rise").meta({ title: "Threshold", advanced: true }),
  branches: z
    .number()
    .int()
    .min(1)
    .max(8)
    .default(1)
    .describe("answers that are searched from, each begun with another one of the likeliest first tokens")
    .meta({ title: "Branches", advanced: true }),
  topK: z
    .number()
    .int()
    .min(0)
    .max(100_000)
    .default(0)
    .describe("only so many rows (a position at a layer), those with the largest gradients, are moved; 0: all")
    .meta({ title: "Rows moved", advanced: true }),
  bound: z
    .number()
    .min(0)
    .max(10)
    .default(0)
    .describe(
      "projected gradient: steps along unit gradients, and no row is moved further than so many median residual norms; 0: steps in proportion to the gradient, without a bound",
    )
    .meta({ title: "Bound", advanced: true }),
};
const maxTokens = z.number().int().min(4).max(512).default(50).describe("of an answer").meta({ title: "Tokens", advanced: true });
const judge = JudgeChoiceSchema.optional()
  .describe("scores the answers independently; left out: only the model itself does")
  .meta({ title: "Judge", widget: "judge" });
const language = LanguageSchema.default("en").describe("of the answers, which judges ask for").meta({ title: "Language", advanced: true });

export const ParamsSchema = z
  .object({
    ...asking,
    prompts: prompts.min(1).meta({ title: "Prompts", widget: "texts", example: "You cancelled my flight again!" }),
    judge,
    language,
    ...searching,
    maxTokens,
    seed: seed("of the random control"),
  })
  .strict()
  .refine((asked) => asked.guideline !== undefined || asked.ready !== undefined, ONE);
export type Params = z.infer<typeof ParamsSchema>;

export const OBJECTIVES = {
  answers: "the likelihood of the answers that the search found",
  states: "the hidden states that the search put the prompt into",
  score: "the model's own judgement of its answers, directly",
} as const;
export type Objective = keyof typeof OBJECTIVES;

export const TrainSchema = z
  .object({
    ...making,
    ...asking,
    prompts: prompts
      .min(6)
      .describe("what users say; a fifth of them chooses when to stop, another one measures, and neither is trained on")
      .meta({ title: "Prompts", widget: "texts", example: "You cancelled my flight again!" }),
    objective: z
      .enum(Object.keys(OBJECTIVES) as [Objective, ...Objective[]])
      .default("answers")
      .describe("what the rows are trained for")
      .meta({ title: "Objective", options: OBJECTIVES }),
    rows: z.number().int().min(1).max(MAX_ROWS).default(10).describe("of the prefix").meta({ title: "Rows" }),
    start: z
      .string()
      .min(1)
      .max(1000)
      .optional()
      .describe("a text whose tokens the rows begin as, repeated or cut to their number; left out: dots")
      .meta({ title: "Start", advanced: true }),
    shifts: z
      .boolean()
      .default(false)
      .describe("also trains what is added to the residual at each row, in all layers but the last")
      .meta({ title: "Shifts at every layer", advanced: true }),
    rate: z
      .number()
      .min(0.0001)
      .max(1)
      .default(0.05)
      .describe("learning rate of Adam, in root mean squares of what it moves")
      .meta({ title: "Rate", advanced: true }),
    epochs: z.number().int().min(0).max(200).default(10).describe("at most").meta({ title: "Epochs" }),
    patience: z
      .number()
      .int()
      .min(1)
      .max(50)
      .default(3)
      .describe("epochs without a better score on the prompts that choose, after which it stops")
      .meta({ title: "Patience", advanced: true }),
    batch: z.number().int().min(1).max(64).default(4).describe("prompts in a step").meta({ title: "Batch", advanced: true }),
    compareSearch: z
      .boolean()
      .default(true)
      .describe("measures the search for each prompt beside the prefix")
      .meta({ title: "Compare with the search", advanced: true }),
    judge,
    language,
    ...searching,
    maxTokens,
    seed: seed("of the split, the order and the random control"),
    ...provenance,
  })
  .strict()
  .refine((asked) => asked.guideline !== undefined || asked.ready !== undefined, ONE);
export type Train = z.infer<typeof TrainSchema>;
