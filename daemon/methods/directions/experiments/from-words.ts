/** A slider asked for in words: pairs that the model writes itself, the direction in them, and what it was measured to do. */
import * as z from "zod";
import { JudgeChoiceSchema } from "../../../protocol/evaluation.ts";
import { type Block, BlockSchema } from "../../../protocol/report.ts";
import type { Experiment, Lab } from "../../contract.ts";
import { making, seed } from "../../shared/params.ts";
import { findDirection } from "../identify.ts";
import { ANSWERS, MAX_TOKENS, systemTurns, writePairs } from "../self-pairs.ts";
import { FromPairsSchema } from "./pairs-params.ts";

const wish = z
  .string()
  .min(1)
  .max(300)
  .refine((text) => text.trim() !== "", "must say something");

export const FromWordsSchema = z
  .object({
    from: wish
      .describe("a word, such as sarcasm, or a sentence that asks for the property, such as `Answer like a pirate.`")
      .meta({ title: "A word, or a sentence that asks for it", example: "sarcasm, or: Answer like a pirate." }),
    opposite: wish
      .optional()
      .describe("the other side of the contrast; left out: a plain answer")
      .meta({ title: "Against, if not plain answers", example: "Answer seriously." }),
    judge: JudgeChoiceSchema.optional()
      .describe("keeps the pairs that show the property, and gives the quick verdict; left out: neither")
      .meta({
        title: "Judge that keeps the pairs and measures the slider, if any",
        widget: "judge",
        example: "emotion/joy, language/es, length:words",
      }),
    ...making,
    choose: FromPairsSchema.shape.choose,
    layers: z
      .number()
      .int()
      .min(1)
      .max(64)
      .default(2)
      .describe("by separation: use so many layers")
      .meta({ title: "Layers", advanced: true }),
    seed: seed("of the answers and of the split"),
  })
  .strict();
export type FromWords = z.infer<typeof FromWordsSchema>;

/** Hash of the direction that was found, so that one that goes on measures the same, and what its data were like. */
const CheckpointSchema = z.object({ made: z.string(), report: z.array(BlockSchema) }).strict();
type Checkpoint = z.infer<typeof CheckpointSchema>;

/** Share of the work that finds the direction, where it is measured, too. */
const FINDING = 0.4;

export const fromWords: Experiment<FromWords, Checkpoint> = {
  id: "directions/from-words",
  title: "Slider from words",
  summary:
    "The model writes its own contrast pairs from a word or a sentence; a judge keeps those that show it and gives a quick verdict on the slider.",
  params: FromWordsSchema,
  produces: ["artifact", "receipt", "report"],
  needs: ["chat-template"],
  engine: true,
  about: ({ id }) => id,
  makes: ({ id, replace }) => ({ id, replace }),
  prepare: (asked: FromWords, library) => {
    if (asked.judge !== undefined)
      library.checkJudge(asked.judge, "judge", [...new Set(library.prompts().map(({ language }) => language))]);
    return asked;
  },
  estimate: (_, { layers, width }) => {
    const answers = 100 * ANSWERS * 2;
    return { tokens: answers * MAX_TOKENS * 2, bytes: answers * layers * width * 4 };
  },
  checkpoint: CheckpointSchema,
  run: async (params, lab) => {
    const share = params.judge === undefined ? 1 : FINDING;
    let known = lab.resume();
    if (known === null || lab.artifact(params.id)?.meta.hash !== known.made) {
      known = await find(params, lab, share);
      lab.keep(known);
    }
    const { report } = known;
    if (params.judge === undefined) return { artifact: params.id, report };
    const [asked] = systemTurns(params.from, params.opposite).positive;
    // The slider is there already. Whether it works takes a minute or two; the full receipt is made when it is asked for.
    const measured = { artifact: params.id, by: { judge: params.judge, asked }, seed: params.seed };
    const { artifact } = await lab.run("quick-verdict", measured, [share, 1]);
    return { artifact, report };
  },
};

async function find(params: FromWords, lab: Lab<Checkpoint>, share: number): Promise<Checkpoint> {
  const progress = (fraction: number): void => lab.progress(fraction * share, `finding a direction for “${params.from.slice(0, 60)}”`);
  const { pairs, written, scarce } = await writePairs(params, { ...lab, progress: (fraction) => progress(fraction * 0.6) });
  const { judge } = params;
  const filter = params.judge === undefined ? "unjudged" : `kept by the judge '${params.judge.id}'`;
  const against = params.opposite === undefined ? "" : ` against “${params.opposite}”`;
  const { report, ...found } = await findDirection(
    FromPairsSchema.parse({
      id: params.id,
      title: params.title ?? params.from.slice(0, 80),
      description:
        params.description ??
        `Made from “${params.from}”${against}: ${pairs.length} of ${written} pairs of the model's own answers, ${filter}.`,
      pairs,
      choose: params.choose,
      layers: params.layers,
      seed: params.seed,
      licence: "written by the model",
      source: `the model's own answers to “${params.from}”`,
    }),
    { ...lab, progress: (fraction) => progress(0.6 + 0.4 * fraction) },
    judge === undefined
      ? undefined
      : (texts) =>
          lab.scores(
            judge,
            texts.map((text) => ({ text })),
          ),
  );
  return { made: lab.save(found, params.replace).hash, report: [...(scarce ? [hardlyShown(pairs.length, written)] : []), ...report] };
}

function hardlyShown(kept: number, written: number): Block {
  return {
    type: "prose",
    id: "hardly-shown",
    text: `Only ${kept} of ${written} pairs were kept: the model hardly shows this, so a slider can hardly bring it out. Describe it otherwise, or give pairs of your own.`,
  };
}
