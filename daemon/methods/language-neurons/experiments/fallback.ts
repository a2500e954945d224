/** Puts one language after the other down, all together, and looks which language the model falls back on. */
import * as z from "zod";
import { TillerError } from "../../../protocol/errors.ts";
import type { Block } from "../../../protocol/report.ts";
import type { Experiment } from "../../contract.ts";
import { VEGA_LITE } from "../../shared/charts.ts";
import { seed } from "../../shared/params.ts";
import {
  answerTokensField,
  artifactField,
  artifactOf,
  ask,
  codesOf,
  formField,
  offField,
  planOf,
  questionsOf,
  STOPS,
  samplingOf,
} from "../asking.ts";
import { bodyOf } from "../body.ts";

const FallbackSchema = z
  .object({
    artifact: artifactField,
    order: z
      .string()
      .max(600)
      .optional()
      .describe("languages in the order in which they are put down; left out: as the artifact has them")
      .meta({ title: "Order", example: "en, fr, es" }),
    asked: z.string().max(20).default("en").describe("language of the questions").meta({ title: "Questions in" }),
    questions: z
      .array(z.string().min(1).max(2000))
      .min(1)
      .max(1000)
      .optional()
      .describe("of your own; left out: Tiller's")
      .meta({ title: "Questions, one a line", widget: "texts", advanced: true }),
    form: formField,
    off: offField,
    tokens: answerTokensField,
    seed: seed("of the random neurons"),
  })
  .strict();
type Fallback = z.infer<typeof FallbackSchema>;

const AnsweredSchema = z.object({ step: z.number().int(), random: z.boolean(), label: z.string().nullable(), text: z.string() }).strict();
type Answered = z.infer<typeof AnsweredSchema>;
const CheckpointSchema = z.object({ answers: z.array(AnsweredSchema) }).strict();

const NONE = "not told";

export const fallback: Experiment<Fallback, { answers: Answered[] }> = {
  id: "language-neurons/fallback",
  title: "Fallback languages",
  summary:
    "Puts one language after the other down, the earlier ones staying down, and counts the languages of the answers; beside as many random neurons.",
  params: FallbackSchema,
  produces: ["report"],
  needs: ["gated-mlp"],
  engine: true,
  about: ({ artifact }) => artifact,
  prepare: (asked: Fallback, library) => {
    const order = codesOf(
      asked.order,
      bodyOf(artifactOf(asked.artifact, library).meta).languages.map(({ code }) => code),
    );
    if (asked.questions === undefined) questionsOf([asked.asked], undefined, 1);
    library.checkJudge({ id: "language", label: asked.asked }, "asked", [asked.asked]);
    if (new Set(order).size !== order.length)
      throw new TillerError("invalid-params", "order: a language stands in it twice", { field: "order" });
    return { ...asked, order: order.join(", ") };
  },
  estimate: ({ order, questions, tokens }) => {
    const steps = 1 + 2 * (order?.split(",").length ?? 6);
    return { tokens: steps * (questions?.length ?? 36) * (tokens + 20), bytes: 0 };
  },
  checkpoint: CheckpointSchema,
  run: async (params, lab) => {
    const artifact = artifactOf(params.artifact, lab);
    const order = params.order!.split(", ");
    const questions = params.questions ?? questionsOf([params.asked], undefined, 1000).get(params.asked)!;
    const steps = [{ step: 0, random: false }, ...[false, true].flatMap((random) => order.map((_, i) => ({ step: i + 1, random })))];
    const answers = [...(lab.resume()?.answers ?? [])];
    for (const [index, { step, random }] of steps.entries()) {
      if (answers.some((one) => one.step === step && one.random === random)) continue;
      const languages = order
        .slice(0, step)
        .map((code) => `-${code}`)
        .join(" ");
      const plan = step === 0 ? null : planOf(artifact, { languages, off: params.off }, 1, lab, random ? params.seed : null);
      const written = await lab.study(
        {
          plans: [plan],
          sampling: samplingOf(params.tokens),
          stop: STOPS[params.form],
          answers: questions.map((question) => ask(question, params.form, 0)),
          texts: [],
        },
        (fraction) =>
          lab.progress((index + fraction) / steps.length, step === 0 ? "no steering" : `without ${order.slice(0, step).join(", ")}`),
      );
      const texts = written.answers.map(({ text }) => text.trim());
      const scores = await lab.judge("language").score(
        texts.map((text) => ({ text })),
        lab.signal,
      );
      answers.push(...texts.map((text, i): Answered => ({ step, random, text, label: scores[i]!.judged ? scores[i]!.label : null })));
      lab.keep({ answers });
    }
    return { artifact: null, report: reportOf(params, order, questions, answers) };
  },
};

function reportOf(
  { artifact, off, asked, form }: Fallback,
  order: readonly string[],
  questions: readonly string[],
  answers: readonly Answered[],
): Block[] {
  const name = (step: number): string => (step === 0 ? "none" : `${step}: +${order[step - 1]}`);
  const steps = Array.from({ length: order.length + 1 }, (_, step) => step);
  const values = [false, true].flatMap((random) =>
    steps.flatMap((step) => {
      const own = answers.filter((answer) => answer.step === step && (step === 0 || answer.random === random));
      const labels = new Map<string, number>();
      for (const { label } of own) labels.set(label ?? NONE, (labels.get(label ?? NONE) ?? 0) + 1);
      const neurons = random ? "random neurons" : "language neurons";
      return [...labels].map(([language, count]) => ({
        neurons,
        "put down": name(step),
        language,
        share: count / own.length,
        answers: count,
      }));
    }),
  );
  const main = steps.map((step) => {
    const own = values
      .filter((row) => row.neurons === "language neurons" && row["put down"] === name(step))
      .sort((a, b) => b.share - a.share);
    return {
      down: name(step),
      first: own[0]?.language ?? "",
      share: own[0]?.share ?? 0,
      second: own[1]?.language ?? "",
      secondShare: own[1]?.share ?? 0,
    };
  });
  const plain = answers.filter(({ step }) => step === 0);
  return [
    {
      type: "prose",
      id: "what",
      text: `${artifact}: ${questions.length} questions in ${asked} (form “${form}”), while the languages ${order.join(", ")} are put down to ${off} one after the other, the earlier ones staying down. Answers of fewer than four words are not told.`,
    },
    {
      type: "chart",
      id: "fallback",
      title: "Languages of the answers",
      description: "Share of the answers in each language, as more and more languages are put down; on the right as many random neurons.",
      spec: {
        $schema: VEGA_LITE,
        data: { values },
        mark: "bar",
        encoding: {
          x: { field: "put down", type: "ordinal", sort: steps.map(name), title: "put down" },
          y: { field: "share", type: "quantitative", title: "share of answers", scale: { domain: [0, 1] } },
          color: { field: "language", type: "nominal", title: "language of the answer" },
          column: { field: "neurons", type: "nominal", title: null },
          tooltip: [{ field: "put down" }, { field: "language" }, { field: "share", format: ".2f" }, { field: "answers" }],
        },
      },
    },
    {
      type: "table",
      id: "order",
      title: "Most frequent languages",
      columns: [
        { key: "down", title: "put down" },
        { key: "first", title: "most answers in" },
        { key: "share", title: "share" },
        { key: "second", title: "then in" },
        { key: "secondShare", title: "share" },
      ],
      rows: main,
    },
    {
      type: "samples",
      id: "samples",
      title: "Samples: the first three questions",
      samples: answers
        .filter(({ step, random }) => step > 0 && !random)
        .filter((_, i) => i % questions.length < 3)
        .map(({ text, label, step }, i) => ({
          prompt: questions[i % Math.min(3, questions.length)]!,
          plain: plain[i % Math.min(3, questions.length)]!.text,
          steered: text,
          judged: { "put down": name(step), language: label ?? NONE },
        })),
    },
  ];
}
