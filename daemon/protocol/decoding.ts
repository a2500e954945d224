/**
 * Rules of decoding, as presets and requests write them: what the next token is chosen by, on the logits of the whole vocabulary,
 * before grammar's leftovers, temperature and truncation. Data, not code; the engine applies them inside its decode loop.
 */
import * as z from "zod";
import { ArtifactIdSchema, PresetIdSchema } from "./names.ts";

const finite = z.number().finite();

/** The same model under other steering, fed the same tokens. */
export const StreamSchema = z
  .union([z.enum(["self", "plain"]), z.object({ preset: PresetIdSchema }).strict()])
  .describe("`self`: the answer's own steering; `plain`: none; or a stored preset's controls at their stored strengths");
export type Stream = z.infer<typeof StreamSchema>;

/**
 * z + alpha·(z_toward − z_against). `self` toward, another against: contrastive decoding (Li et al. 2023, in the form of O'Brien &
 * Lewis 2023). Two further ones: DExperts (Liu et al. 2021).
 */
export const ContrastSchema = z
  .object({
    alpha: finite.min(-20).max(20).default(0.5).describe("how far; 0: off, and nothing is computed for it"),
    toward: StreamSchema.default("self"),
    against: StreamSchema.default("plain"),
    plausibility: finite
      .min(0)
      .max(1)
      .default(0.1)
      .describe("tokens less likely than this share of the answer's own likeliest one are left out; 0: none is"),
    topP: finite
      .gt(0)
      .max(1)
      .default(1)
      .describe("of the answer's own distribution only the likeliest that make up this share are kept, before alpha acts; 1: all"),
  })
  .strict();
export type Contrast = z.infer<typeof ContrastSchema>;

const rewardFields = {
  weight: finite.min(-1000).max(1000).default(1).describe("may be negative; rewards are added up"),
  unended: z
    .union([finite.min(-1e6).max(1e6), z.object({ scorer: ArtifactIdSchema }).strict()])
    .optional()
    .describe(
      "in the reward's place while the answer has not ended by itself: a number, or what a prefix scorer expects of it; left out: what there is of it is judged",
    ),
};
export const RewardSchema = z
  .discriminatedUnion("is", [
    z.object({ is: z.literal("length"), ...rewardFields }).strict(),
    z.object({ is: z.literal("pattern"), pattern: z.string().min(1).max(2000), ...rewardFields }).strict(),
    z.object({ is: z.literal("json"), ...rewardFields }).strict(),
    z
      .object({
        is: z.literal("judge"),
        judge: z.string().max(120).describe("`emotion/joy`: 1 where the judge finds this label, else 0; `fluency:bits`: this figure"),
        language: z.string().min(2).max(8).default("en").describe("of the answers, for judges that depend on it"),
        ...rewardFields,
      })
      .strict(),
  ])
  .describe(
    "`length`: log(tokens / 1024), as in the paper, negative weights for short answers; `pattern`: 1 where the regular expression matches somewhere in the text, else 0; `json`: 1 where the text is JSON, else 0; `judge`: any judge of the daemon, 0 where it cannot judge the text",
  );
export type Reward = z.infer<typeof RewardSchema>;

export const MAX_CANDIDATES = 64;
export const MAX_SCORERS = 4;

/** Best of K by blocks or whole (Mudgal et al. 2024, "Controlled Decoding from Language Models"). */
export const BestSchema = z
  .object({
    candidates: z.number().int().min(1).max(MAX_CANDIDATES).default(4).describe("blocks that are sampled side by side; 1: plain sampling"),
    block: z
      .union([z.number().int().min(1).max(100_000), z.literal("sentence")])
      .optional()
      .describe("tokens of a block, or `sentence`: to the end of one; left out: the whole answer"),
    rewards: z
      .record(z.string().regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,47}$/, "must start with a letter"), RewardSchema)
      .refine((rewards) => Object.keys(rewards).length >= 1 && Object.keys(rewards).length <= 8, "one to eight rewards")
      .meta({ minProperties: 1, maxProperties: 8 })
      .describe("what a block is chosen by, each with its weight"),
    dial: finite
      .min(0)
      .max(1)
      .optional()
      .describe("with exactly two rewards: the first counts dial times its weight, the second 1 − dial times"),
  })
  .strict()
  .refine(({ dial, rewards }) => dial === undefined || Object.keys(rewards).length === 2, {
    path: ["dial"],
    message: "a dial lies between exactly two rewards",
  });
export type Best = z.infer<typeof BestSchema>;

/** Token-wise control (Mudgal et al. 2024, equation 4): the next token is drawn from π(z)·exp(λ·V(z)), V what a prefix scorer expects. */
export const TiltSchema = z
  .object({
    strength: finite
      .min(-50)
      .max(50)
      .default(0.5)
      .describe("λ, per standard deviation of a scorer's values over the model's own next tokens; 0: off, and nothing is computed for it"),
    scorers: z
      .record(ArtifactIdSchema, finite.min(-100).max(100))
      .refine((scorers) => Object.keys(scorers).length >= 1 && Object.keys(scorers).length <= MAX_SCORERS, "one to four scorers")
      .meta({ minProperties: 1, maxProperties: MAX_SCORERS })
      .describe("each with its weight, which may be negative"),
    plausibility: finite
      .min(0)
      .max(1)
      .default(0.05)
      .describe(
        "tokens less likely than this share of the likeliest one are left out; 0: none is, and what the model would hardly write counts, too",
      ),
  })
  .strict();
export type Tilt = z.infer<typeof TiltSchema>;

export const DecodingSchema = z
  .object({
    best: BestSchema.optional().describe("several continuations are sampled side by side, and the one with the largest reward goes on"),
    contrast: ContrastSchema.optional().describe("what the same model says under other steering is added to the logits"),
    tilt: TiltSchema.optional().describe("every next token is weighed by what prefix scorers expect of the answer that goes on with it"),
    kl: z
      .boolean()
      .optional()
      .describe(
        "the exact KL divergence from the plain model at every token, in nats, from both softmaxes; costs a second sequence where controls act",
      ),
  })
  .strict();
export type Decoding = z.infer<typeof DecodingSchema>;

/** What a rule did to an answer. */
export const DecodingReportSchema = z.object({
  text: z.string().describe("the rule in words"),
  streams: z.number().int().describe("sequences that are decoded together: with `contrast` and `kl` that many forward passes per token"),
  best: z
    .object({
      candidates: z.number().int(),
      passesPerToken: z.number().describe("forward passes of all candidates, per token of the answer"),
      klBound: z
        .number()
        .describe("the divergence from plain sampling is at most this, nats: (log K − (K − 1)/K) for each block (Beirami et al. 2024)"),
      blocks: z
        .array(
          z.object({
            tokens: z.number().int(),
            chosen: z.number().int().describe("index of the candidate"),
            totals: z.array(z.number()).describe("weighted reward of every candidate, of the whole answer so far"),
            rewards: z.record(z.string(), z.number()).describe("of the chosen one, unweighted"),
          }),
        )
        .describe("in order"),
    })
    .optional(),
  kl: z
    .object({
      total: z.number().describe("sum over the answer's tokens, nats: log p/q of what was written, in expectation at each token"),
      mean: z.number().describe("per token"),
      max: z.number().describe("of one token"),
      tokens: z.number().int(),
    })
    .optional()
    .describe(
      "KL(answer's distribution ‖ plain model's) at the tokens that were written, the one that ends it included; before grammar, biases, temperature and truncation",
    ),
});
export type DecodingReport = z.infer<typeof DecodingReportSchema>;
