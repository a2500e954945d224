/** What a person's labels say of a receipt: kept in it, as agreement and the effect corrected by it. */
import * as z from "zod";
import type { Experiment } from "../../methods/contract.ts";
import { TillerError } from "../../protocol/errors.ts";
import { ArtifactIdSchema } from "../../protocol/preset.ts";
import type { Receipt } from "../../protocol/receipt.ts";
import { FEWEST_KINDS } from "./clusters.ts";
import { agreement, correctedEffect, type LabelledPair } from "./hand-labels.ts";
import { labelledReceipt } from "./labelled-receipt.ts";
import { sha256 } from "./materials.ts";
import { TAILS } from "./quick-design.ts";
import { LEVEL } from "./statistics.ts";

const score = z.number().int().min(0).max(1);
const LabelSchema = z.object({ prompt: z.number().int().min(0), steered: z.boolean(), judged: score, hand: score }).strict();

const HandLabelledSchema = z
  .object({
    artifact: ArtifactIdSchema,
    receipt: z.string().regex(/^[0-9a-f]{64}$/),
    labels: z
      .array(LabelSchema)
      .min(10)
      .max(200)
      .describe("answers of `label-answers`, each with the person's word: 1 shows it, 0 does not"),
  })
  .strict();
type HandLabelled = z.infer<typeof HandLabelledSchema>;

const FEWEST_PAIRS = 5;

export const handLabelled: Experiment<HandLabelled> = {
  id: "hand-labels",
  title: "Hand labels",
  summary: "Keeps a person's labels in a receipt: how often person and judge agree, and the effect corrected by the labels.",
  params: HandLabelledSchema,
  produces: ["receipt"],
  needs: [],
  engine: false,
  about: ({ artifact }) => artifact,
  prepare: (asked: HandLabelled, library) => {
    labelledReceipt(asked, library);
    if (pairsOf(asked.labels).length >= FEWEST_PAIRS) return asked;
    throw new TillerError("invalid-params", `labels: at least ${FEWEST_PAIRS} prompts need a label of both answers`, { field: "labels" });
  },
  estimate: () => ({ tokens: 0, bytes: 0 }),
  run: async ({ labels, ...of }, lab) => {
    const receipt = labelledReceipt(of, lab);
    lab.saveReceipt(withLabels(receipt, pairsOf(labels)));
    return { artifact: receipt.artifact.id };
  },
};

/** The receipt with what the labels say. */
export function withLabels(receipt: Receipt, pairs: readonly LabelledPair[]): Receipt {
  const point = receipt.points.find(({ strength }) => strength === receipt.best)!;
  const { quick, kinds, prompts } = receipt;
  const clusters = quick === null && kinds.length >= FEWEST_KINDS ? kinds.length : prompts;
  const tail = quick === null ? (1 - LEVEL) / 2 : TAILS[quick.look - 1]!;
  const human = { answers: 2 * pairs.length, agreement: agreement(pairs), effect: correctedEffect(point.effect, clusters, tail, pairs) };
  const { created, hash: _, ...lasting } = { ...receipt, human };
  return { ...lasting, created, hash: sha256(lasting) };
}

/** Prompts of which both answers are labelled. */
function pairsOf(labels: HandLabelled["labels"]): LabelledPair[] {
  return [...new Set(labels.map(({ prompt }) => prompt))].flatMap((prompt) => {
    const [plain, steered] = [false, true].map((side) => labels.find((one) => one.prompt === prompt && one.steered === side));
    return plain === undefined || steered === undefined ? [] : [{ plain, steered }];
  });
}
