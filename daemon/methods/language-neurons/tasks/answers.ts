/** Items put to the model under one plan: free answers are written, of a choice the likeliest option is taken. */
import * as z from "zod";
import type { StudyAnswer, StudyText } from "../../../protocol/engine-api.ts";
import type { SteeringPlan } from "../../../protocol/plan.ts";
import type { Lab } from "../../contract.ts";
import { type Form, STOPS, samplingOf } from "../asking.ts";
import { type Item, scoreOf, type Task } from "./items.ts";

export const AnsweredSchema = z
  .object({
    arm: z.string(),
    language: z.string(),
    item: z.number().int(),
    text: z.string(),
    /** the task's figure, 0 to 1 */
    value: z.number(),
    exact: z.number(),
  })
  .strict();
export type Answered = z.infer<typeof AnsweredSchema>;

interface Asked {
  readonly task: Task;
  readonly form: Form;
  readonly tokens: number;
}

export async function textsOf(
  items: readonly Item[],
  plan: SteeringPlan | null,
  asked: Asked,
  lab: Pick<Lab, "study">,
  progress: (fraction: number) => void,
): Promise<string[]> {
  if (items.some(({ options }) => options !== null)) return chosen(items, plan, asked.form, lab, progress);
  const answers = items.map(({ prompt }) => asking(prompt, asked.form));
  const request = { plans: [plan], sampling: samplingOf(asked.tokens), stop: STOPS[asked.form], answers, texts: [] };
  const written = await lab.study(request, progress);
  return written.answers.map(({ text }) => text.trim());
}

export function scored(task: Task, items: readonly Item[], texts: readonly string[], arm: string, language: string): Answered[] {
  return items.map((item, at) => ({ arm, language, item: at, text: texts[at]!, ...scoreOf(task, item, texts[at]!) }));
}

function rawPrompt(prompt: string): string {
  return `Q: ${prompt}\nA:`;
}

function asking(prompt: string, form: Form): StudyAnswer {
  if (form === "qa") return { plan: 0, messages: [], prompt: rawPrompt(prompt), seed: 0 };
  return { plan: 0, messages: [{ role: "user", content: prompt }], seed: 0 };
}

/** By bits per byte of the option alone: a long one has no disadvantage. */
async function chosen(
  items: readonly Item[],
  plan: SteeringPlan | null,
  form: Form,
  { study }: Pick<Lab, "study">,
  progress: (fraction: number) => void,
): Promise<string[]> {
  const read = (text: string, prompt: string | null): StudyText => ({
    plan: 0,
    messages: prompt === null ? null : [{ role: "user", content: prompt }],
    text,
    tokens: null,
  });
  // a raw text has no prompt of its own: what it costs is taken off
  const of = ({ prompt, options }: Item): StudyText[] =>
    form === "chat"
      ? options!.map((option) => read(option, prompt))
      : [read(rawPrompt(prompt), null), ...options!.map((option) => read(`${rawPrompt(prompt)} ${option}`, null))];
  const { texts } = await study({ plans: [plan], sampling: {}, answers: [], texts: items.flatMap(of) }, progress);
  let at = 0;
  return items.map(({ options }) => {
    const before = form === "chat" ? 0 : texts[at++]!.bits;
    const costs = options!.map((option) => (texts[at++]!.bits - before) / Buffer.byteLength(option, "utf8"));
    return options![costs.indexOf(Math.min(...costs))]!;
  });
}
