/** A guideline in plain words, searched for each prompt and measured beside a prompt, a random control and the plain model. */
import * as z from "zod";
import type { Message } from "../../protocol/api/generate.ts";
import type { Experiment, Lab } from "../contract.ts";
import { tokensOf } from "../shared/params.ts";
import { guidelineOf, suffixes } from "./guidelines.ts";
import { type Params, ParamsSchema } from "./params.ts";
import { armsReport, judged, type Measured } from "./report.ts";
import { scoreOf } from "./score.ts";
import { answers, type SearchSettings, search } from "./search.ts";
import { randomLike } from "./step.ts";

const ARMS = {
  plain: "plain model",
  controlled: "self-control",
  prompted: "prompting",
  random: "random control of equal norm",
} as const;
type Row = Measured<keyof typeof ARMS> & { readonly found: boolean };

const SettledSchema = z.object({ done: z.array(z.custom<Row>()) }).strict();
type Checkpoint = z.infer<typeof SettledSchema>;

export const selfControlSearch: Experiment<Params, Checkpoint> = {
  id: "self-control/search",
  title: "Self-control: search",
  summary:
    "The model judges its own answers by a guideline in plain words; the gradient of that score shifts the prompt's activations until the answer follows. Measured beside prompting and a random control of equal norm.",
  params: ParamsSchema,
  checkpoint: SettledSchema,
  produces: ["report"],
  needs: ["gradients", "chat-template"],
  engine: true,
  about: (params) => guidelineOf(params).guideline.slice(0, 120),
  estimate: ({ prompts, maxTokens, ...rest }, { layers, width }) => {
    const prompt = Math.max(...prompts.map(tokensOf)) + 20;
    return { tokens: prompts.length * tokensOfSearch(prompt, maxTokens, rest), bytes: (prompt + maxTokens) * layers * width * 8 };
  },
  run: async (params, lab) => {
    const done = [...(lab.resume()?.done ?? [])];
    for (const prompt of params.prompts.slice(done.length)) {
      lab.signal.throwIfAborted();
      lab.progress(done.length / params.prompts.length, `prompt ${done.length + 1} of ${params.prompts.length}`);
      done.push(await measure(prompt, params, done.length, lab));
      lab.keep({ done });
    }
    const { guideline } = guidelineOf(params);
    const moved = done.filter(({ found }) => found).length;
    const report = armsReport({
      summary: `Guideline: the answer ${guideline}. The search found a better answer for ${moved} of ${done.length} prompts.`,
      arms: ARMS,
      steered: "controlled",
      done,
      judged: await judged(params, ARMS, done, lab),
      interval: lab.interval,
    });
    return { artifact: null, report };
  },
};

/** Of one prompt. */
export function tokensOfSearch(
  prompt: number,
  maxTokens: number,
  { iterations, tries, branches, suffixes }: Pick<Params, "iterations" | "tries" | "branches" | "suffixes">,
): number {
  const scored = suffixes * (prompt + maxTokens + 40);
  return branches * iterations * (3 * scored + tries * (prompt + maxTokens + scored));
}

export function settingsOf(params: Omit<SearchSettings, "layers">, lab: Pick<Lab, "model">): SearchSettings {
  // nothing mixes positions behind the last layer
  return { ...params, layers: Array.from({ length: lab.model.facts.layers - 1 }, (_, layer) => layer) };
}

async function measure(text: string, params: Params, index: number, lab: Lab<Checkpoint>): Promise<Row> {
  const { guideline, instruction } = guidelineOf(params);
  const { searched, heldOut } = suffixes(guideline, params.suffixes);
  const prompt: Message[] = [{ role: "user", content: text }];
  const settings = settingsOf(params, lab);
  const found = await search(prompt, searched, settings, lab);
  const [prompted] = await answers([{ role: "user", content: `${instruction}\n\n${text}` }], [[]], settings, lab);
  const [random] =
    found.control.length === 0
      ? [found.answer]
      : await answers(prompt, [randomLike(found.control, params.seed + index)], settings, lab, found.first);
  const texts = { plain: found.plain, controlled: found.answer, prompted: prompted!, random: random! };
  const scores = {} as Record<keyof typeof ARMS, { searched: number; heldOut: number }>;
  for (const [arm, answer] of Object.entries(texts) as [keyof typeof texts, string][])
    scores[arm] = { searched: await scoreOf(prompt, answer, searched, lab), heldOut: await scoreOf(prompt, answer, heldOut, lab) };
  return { prompt: text, found: found.answer !== found.plain, texts, scores };
}
