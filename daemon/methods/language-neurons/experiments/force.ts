/** Language forcing: questions in every language, answers wanted in every other one, by neurons and by what they are compared with. */
import * as z from "zod";
import type { LoadedArtifact } from "../../../compiler/types.ts";
import { TillerError } from "../../../protocol/errors.ts";
import type { SteeringPlan } from "../../../protocol/plan.ts";
import { LayersSchema } from "../../../protocol/preset.ts";
import type { Experiment, Lab } from "../../contract.ts";
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
import { forceReport } from "../force-report.ts";
import { type Answered, AnsweredSchema, ARMS, type Arm } from "../forcing.ts";

const STEERED = Object.keys(ARMS).filter((arm) => arm !== "plain") as Exclude<Arm, "plain">[];

const strength = (what: string, title: string) => z.number().min(0).max(1000).default(1).describe(what).meta({ title });

const ForceSchema = z
  .object({
    artifact: artifactField,
    languages: z
      .string()
      .max(600)
      .optional()
      .describe("such as `es, en, de`; left out: all of the artifact's")
      .meta({ title: "Languages" }),
    questions: z
      .record(z.string(), z.string().max(200_000))
      .optional()
      .describe("questions of your own by language, one a line; left out: Tiller's, six to thirty-six in each")
      .meta({ title: "Questions", widget: "corpora", advanced: true }),
    most: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .default(30)
      .describe("questions asked in each language, at most")
      .meta({ title: "Questions, at most" }),
    form: formField,
    strength: strength("of the neurons: 1 adds the whole mean", "Strength of neurons"),
    residual: strength("of the residual direction: 1 is the whole distance", "Strength of the residual direction"),
    layers: LayersSchema.optional()
      .describe("of the residual direction; left out: the middle one")
      .meta({ title: "Layers of the residual direction", widget: "layers", advanced: true }),
    off: offField,
    arms: z
      .array(z.enum(STEERED as [Exclude<Arm, "plain">, ...Exclude<Arm, "plain">[]]))
      .min(1)
      .max(5)
      .default(STEERED)
      .describe("what is compared, beside no steering")
      .meta({ title: "Compared", widget: "json", options: ARMS, advanced: true }),
    tokens: answerTokensField,
    seed: seed("of the random neurons"),
  })
  .strict();
export type Force = z.infer<typeof ForceSchema>;

const CheckpointSchema = z.object({ answers: z.array(AnsweredSchema) }).strict();
type Checkpoint = z.infer<typeof CheckpointSchema>;

export const force: Experiment<Force, Checkpoint> = {
  id: "language-neurons/force",
  title: "Language forcing",
  summary:
    "Asks questions in each language and wants the answers in every other one: by adding, by putting down the source as well, by replacing, by random neurons and by the residual difference of means.",
  params: ForceSchema,
  produces: ["report"],
  needs: ["gated-mlp"],
  engine: true,
  about: ({ artifact }) => artifact,
  prepare: (asked: Force, library) => {
    const codes = codesOf(
      asked.languages,
      bodyOf(artifactOf(asked.artifact, library).meta).languages.map(({ code }) => code),
    );
    if (codes.length < 2) throw new TillerError("invalid-params", "languages: at least two are needed", { field: "languages" });
    questionsOf(codes, asked.questions, asked.most);
    library.checkJudge({ id: "language", label: codes[0]! }, "languages", codes);
    for (const code of codes.slice(1)) library.checkJudge({ id: "language", label: code }, "languages", []);
    // fixed now, so that a job that goes on asks the same
    return { ...asked, languages: codes.join(", ") };
  },
  estimate: ({ languages, most, arms, tokens }) => {
    const count = languages?.split(",").length ?? 6;
    const answers = count * most * (1 + arms.length * (count - 1));
    return { tokens: answers * (2 * tokens + 20), bytes: 0 };
  },
  checkpoint: CheckpointSchema,
  run: async (params, lab) => {
    const artifact = artifactOf(params.artifact, lab);
    const codes = codesOf(
      params.languages,
      bodyOf(artifact.meta).languages.map(({ code }) => code),
    );
    const questions = questionsOf(codes, params.questions, params.most);
    const answers = [...(lab.resume()?.answers ?? [])];
    const done = new Set(answers.map(({ arm, target }) => `${arm} ${target}`));
    const steps = (["plain", ...params.arms] as Arm[]).flatMap((arm) => stepsOf(arm, codes, questions));
    for (const [index, { arm, targets }] of steps.entries()) {
      if (targets.every((target) => done.has(`${arm} ${target}`))) continue;
      const pairs = targets.flatMap((target) =>
        (arm === "plain" ? [target] : codes.filter((code) => code !== target)).map((source) => ({ source, target })),
      );
      const tell = (fraction: number): void => lab.progress((index + fraction) / steps.length, `${ARMS[arm]}: ${targets.join(", ")}`);
      answers.push(...(await answer({ arm, pairs, questions, artifact }, params, lab, tell)));
      lab.keep({ answers });
    }
    return { artifact: null, report: forceReport(params, codes, answers, bodyOf(artifact.meta), lab) };
  },
};

/** Answers of one study, about: making its context costs as much as a few of them, and a study is not taken up again half way. */
const PART = 500;

/** The wanted languages of one arm in groups. */
function stepsOf(arm: Arm, codes: readonly string[], questions: ReadonlyMap<string, readonly string[]>): { arm: Arm; targets: string[] }[] {
  const each = arm === "plain" ? 1 : codes.length - 1;
  const most = Math.max(...codes.map((code) => questions.get(code)!.length)) * each;
  const size = Math.max(1, Math.floor(PART / most));
  return Array.from({ length: Math.ceil(codes.length / size) }, (_, i) => ({ arm, targets: codes.slice(i * size, (i + 1) * size) }));
}

interface Step {
  readonly arm: Arm;
  readonly pairs: readonly { readonly source: string; readonly target: string }[];
  readonly questions: ReadonlyMap<string, readonly string[]>;
  readonly artifact: LoadedArtifact;
}

/** The answers of one arm to some pairs, judged, and read by the plain model. */
async function answer(
  { arm, pairs, questions, artifact }: Step,
  params: Force,
  lab: Lab<Checkpoint>,
  progress: (fraction: number) => void,
): Promise<Answered[]> {
  const plans = arm === "plain" ? [null] : pairs.map(({ source, target }) => planFor(arm, source, target, artifact, params, lab));
  const asked = pairs.flatMap(({ source, target }, pair) =>
    questions.get(source)!.map((question, index) => ({ source, target, question, index, plan: arm === "plain" ? 0 : pair })),
  );
  const { answers } = await lab.study(
    {
      plans,
      sampling: samplingOf(params.tokens),
      stop: STOPS[params.form],
      answers: asked.map(({ question, plan }) => ask(question, params.form, plan)),
      texts: [],
    },
    (fraction) => progress(fraction * 0.8),
  );
  const texts = answers.map(({ text }) => text.trim());
  const read = texts.flatMap((text, at) => (text === "" ? [] : [{ at, scored: { plan: 0, messages: null, text, tokens: null } }]));
  const { texts: bits } = await lab.study(
    { plans: [null], sampling: {}, answers: [], texts: read.map(({ scored }) => scored) },
    (fraction) => progress(0.8 + fraction * 0.2),
  );
  const bitsAt = new Map(read.map(({ at }, index) => [at, bits[index]!.bits]));
  const judged = texts.map((text, at) => ({ text, language: asked[at]!.target }));
  const labels = await lab.judge("language").score(judged, lab.signal);
  const lengths = await lab.judge("length").score(judged, lab.signal);
  const repeats = await lab.judge("repetition").score(judged, lab.signal);
  return asked.map(({ source, target, question, index }, at) => {
    const [label, length, repeated] = [labels[at]!, lengths[at]!, repeats[at]!];
    return {
      arm,
      source,
      target,
      question: index,
      prompt: question,
      text: texts[at]!,
      label: label.judged ? label.label : null,
      words: length.judged ? length.values["words"]! : 0,
      distinct2: repeated.judged ? repeated.values["distinct2"]! : null,
      bits: bitsAt.get(at) ?? 0,
      bytes: Buffer.byteLength(texts[at]!, "utf8"),
    };
  });
}

function planFor(
  arm: Exclude<Arm, "plain">,
  source: string,
  target: string,
  artifact: LoadedArtifact,
  params: Force,
  lab: Pick<Lab, "model">,
): SteeringPlan {
  const { strength, residual, off, layers } = params;
  const pair = `${target} - ${source}`;
  switch (arm) {
    case "add":
      return planOf(artifact, { languages: target, mode: "add" }, strength, lab);
    case "both":
      return planOf(artifact, { languages: pair, mode: "add", off }, strength, lab);
    case "replace":
      // at 1 the means are in their place; the strength is a factor on them
      return planOf(artifact, { languages: pair, mode: "replace", off, value: strength }, 1, lab);
    case "random":
      return planOf(artifact, { languages: pair, mode: "add", off }, strength, lab, params.seed);
    case "residual":
      return planOf(artifact, { languages: pair, mode: "residual", ...(layers === undefined ? {} : { layers }) }, residual, lab);
    default:
      arm satisfies never;
      throw new TillerError("internal", "unknown arm");
  }
}
