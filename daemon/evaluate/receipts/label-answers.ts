/** Answers for a person to label: plain and steered ones to the same prompts, shuffled, so that nobody sees which is which. */
import * as z from "zod";
import type { Experiment, Lab } from "../../methods/contract.ts";
import { cellSeed, generator, shuffled } from "../../methods/shared/random.ts";
import type { Prompt } from "../../protocol/evaluation.ts";
import { ArtifactIdSchema } from "../../protocol/preset.ts";
import type { Block } from "../../protocol/report.ts";
import { messagesOf } from "./arms.ts";
import { scoresOf } from "./judging.ts";
import { labelledReceipt, promptsOf } from "./labelled-receipt.ts";
import { planAt } from "./plans.ts";
import { sweptOf } from "./subject.ts";

export const LabelAnswersSchema = z
  .object({
    artifact: ArtifactIdSchema,
    receipt: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional()
      .describe("hash of the receipt that is checked; left out: the newest whose judge decides for a label"),
    pairs: z.number().int().min(5).max(100).default(10).describe("prompts, each with a plain answer and a steered one"),
    seed: z.number().int().min(0).max(0xffffffff).default(11),
  })
  .strict();
type LabelAnswers = z.infer<typeof LabelAnswersSchema>;

export const labelAnswers: Experiment<LabelAnswers> = {
  id: "label-answers",
  title: "Answers to label",
  summary: "Plain and steered answers to the prompts of a receipt, shuffled, for a person to label; `tiller label` shows them blind.",
  params: LabelAnswersSchema,
  produces: ["report"],
  needs: ["chat-template"],
  engine: true,
  about: ({ artifact }) => artifact,
  prepare: (asked: LabelAnswers, library) => {
    const receipt = labelledReceipt(asked, library);
    return { ...asked, receipt: receipt.hash };
  },
  estimate: ({ pairs }) => ({ tokens: pairs * 2 * 80, bytes: 0 }),
  run: async (params, lab) => ({ artifact: params.artifact, report: [await answers(params, lab)] }),
};

/** A table with a row per answer: what the judge called it and whether it was steered stand behind it, for the reckoning alone. */
async function answers({ artifact, receipt: hash, pairs, seed }: LabelAnswers, lab: Lab): Promise<Block> {
  const receipt = labelledReceipt({ artifact, receipt: hash }, lab);
  const { settings, scope } = receipt.control;
  const { control, rack } = sweptOf(
    receipt.preset === null ? { artifact, settings: { with: settings, scope } } : { preset: receipt.preset },
    (id) => lab.preset(id),
  );
  const plan = planAt({ control, rack, model: lab.model, artifact: (id) => lab.artifact(id) }, receipt.best!);
  const prompts = some(promptsOf(receipt, lab), pairs, seed);
  const spec = { prompts, baseline: {} };
  const cells = prompts.flatMap(({ language }, prompt) =>
    [0, 1].map((side) => ({ prompt, side, language, seed: cellSeed(seed, prompt), draws: [] })),
  );
  const { answers: written } = await lab.study(
    {
      plans: [null, plan],
      sampling: receipt.sampling,
      answers: cells.map((cell) => ({ plan: cell.side, messages: messagesOf(spec, cell, { kind: "plain" }), seed: cell.seed })),
      texts: [],
    },
    (fraction) => lab.progress(fraction, `${cells.length} answers to label`),
  );
  const texts = written.map(({ text }, index) => ({ text, language: cells[index]!.language }));
  const scores = await scoresOf(lab.judge(receipt.judge.choice.id), receipt.judge.choice, texts, lab.signal);
  const rows = cells.map(({ prompt, side }, index) => ({
    prompt,
    asked: prompts[prompt]!.text.slice(0, 2000),
    answer: texts[index]!.text.slice(0, 2000),
    steered: side === 1,
    judged: scores[index] ?? 0,
  }));
  return {
    type: "table",
    id: "answers",
    title: `Answers to label: ${receipt.title}`,
    columns: ["prompt", "asked", "answer", "steered", "judged"].map((key) => ({ key, title: key })),
    rows: shuffled(rows.length, seed).map((index) => rows[index]!),
    note: receipt.hash,
  };
}

/** So many of the prompts, drawn without replacement; all where there are fewer. */
function some(prompts: readonly Prompt[], count: number, seed: number): Prompt[] {
  const next = generator(seed);
  const left = [...prompts];
  return Array.from({ length: Math.min(count, left.length) }, () => left.splice(Math.floor(next() * left.length), 1)[0]!);
}
