/** A guideline in plain words, searched for each prompt and measured beside a prompt, a random control and the plain model. */
import * as z from "zod";
import type { Message } from "../../protocol/api/generate.ts";
import type { Experiment, Lab } from "../contract.ts";
import { tokensOf } from "../shared/params.ts";
import { type Params, ParamsSchema } from "./params.ts";
import { type Measured, searchReport } from "./report.ts";
import { type Suffix, scoreOf } from "./score.ts";
import { answers, randomLike, type SearchSettings, search } from "./search.ts";

const SettledSchema = z.object({ done: z.array(z.custom<Measured>()) }).strict();
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
  about: ({ guideline }) => guideline.slice(0, 120),
  estimate: ({ prompts, iterations, tries, maxTokens }, { layers, width }) => {
    const prompt = Math.max(...prompts.map(tokensOf)) + 20;
    const each = iterations * (3 * (prompt + maxTokens + 40) + tries * (2 * prompt + 2 * maxTokens + 40));
    return { tokens: prompts.length * each, bytes: (prompt + maxTokens) * layers * width * 8 };
  },
  run: async (params, lab) => {
    const done = [...(lab.resume()?.done ?? [])];
    for (const prompt of params.prompts.slice(done.length)) {
      lab.signal.throwIfAborted();
      lab.progress(done.length / params.prompts.length, `prompt ${done.length + 1} of ${params.prompts.length}`);
      done.push(await measure(prompt, params, done.length, lab));
      lab.keep({ done });
    }
    const judged = params.judge === undefined ? null : await judgedBy(params.judge, done, lab);
    return { artifact: null, report: searchReport(done, params, judged, lab.interval) };
  },
};

/** The search asks by one suffix; what it reached is also asked by another wording, which it never saw. */
export function suffixes(guideline: string): { searched: Suffix; heldOut: Suffix } {
  return {
    searched: {
      question: `Look at your answer again. Is it true that the answer ${guideline}? Reply with Yes or No only.`,
      yes: ["Yes", " Yes"],
      no: ["No", " No"],
    },
    heldOut: {
      question: `A reviewer claims: "The answer ${guideline}." Is the reviewer right? One word, True or False.`,
      yes: ["True", " True"],
      no: ["False", " False"],
    },
  };
}

async function measure(text: string, params: Params, index: number, lab: Lab<Checkpoint>): Promise<Measured> {
  const { searched, heldOut } = suffixes(params.guideline);
  const prompt: Message[] = [{ role: "user", content: text }];
  // nothing mixes positions behind the last layer
  const layers = Array.from({ length: lab.model.facts.layers - 1 }, (_, layer) => layer);
  const settings: SearchSettings = { ...params, layers };
  const found = await search(prompt, searched, settings, lab);
  const instruction = params.instruction ?? `Make sure that your answer ${params.guideline}.`;
  const [prompted] = await answers([{ role: "user", content: `${instruction}\n\n${text}` }], [[]], settings, lab);
  const [random] =
    found.control.length === 0 ? [found.plain] : await answers(prompt, [randomLike(found.control, params.seed + index)], settings, lab);
  const texts = { plain: found.plain, controlled: found.answer, prompted: prompted!, random: random! };
  const scores = {} as Measured["scores"];
  for (const [arm, answer] of Object.entries(texts) as [keyof typeof texts, string][]) {
    scores[arm] = { searched: await scoreOf(prompt, answer, searched, lab), heldOut: await scoreOf(prompt, answer, heldOut, lab) };
  }
  return { prompt: text, iterations: found.iterations, texts, scores };
}

async function judgedBy(
  choice: NonNullable<Params["judge"]>,
  done: readonly Measured[],
  lab: Lab<Checkpoint>,
): Promise<Record<string, (number | null)[]>> {
  const out: Record<string, (number | null)[]> = {};
  for (const arm of ["plain", "controlled", "prompted", "random"] as const)
    out[arm] = await lab.scores(
      choice,
      done.map(({ texts }) => ({ text: texts[arm] })),
    );
  return out;
}
