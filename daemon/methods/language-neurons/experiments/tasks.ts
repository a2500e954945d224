/** Translation, questions, comprehension and inference while a language is called up: does it help or harm what the model can do in it? */
import * as z from "zod";
import type { LoadedArtifact } from "../../../compiler/types.ts";
import { TillerError } from "../../../protocol/errors.ts";
import type { SteeringPlan } from "../../../protocol/plan.ts";
import type { Experiment, Lab, Library } from "../../contract.ts";
import { seed } from "../../shared/params.ts";
import { answerTokensField, artifactField, artifactOf, codesOf, formField, planOf } from "../asking.ts";
import { bodyOf } from "../body.ts";
import { CODE } from "../languages.ts";
import { AnsweredSchema, scored, textsOf } from "../tasks/answers.ts";
import { itemsIn } from "../tasks/files.ts";
import { type Item, TASKS, type Task } from "../tasks/items.ts";
import { OWN_ITEMS, ownItems } from "../tasks/own.ts";
import { ARMS, type Arm, tasksReport } from "../tasks/report.ts";

const TasksSchema = z
  .object({
    artifact: artifactField,
    task: z
      .enum(Object.keys(TASKS) as [Task, ...Task[]])
      .default("translation")
      .describe("what the model is asked to do")
      .meta({ title: "Task", widget: "select", options: TASKS }),
    languages: z
      .string()
      .max(600)
      .optional()
      .describe("such as `es, en, de`; left out: those of the artifact that there are items in")
      .meta({ title: "Languages" }),
    source: z.string().regex(CODE).default("en").describe("language that is translated from").meta({ title: "Translated from" }),
    files: z
      .record(z.string().regex(CODE), z.string().min(1).max(8_000_000))
      .optional()
      .describe(
        "items of your own by language: FLORES or NTREX (a sentence a line), XQuAD (SQuAD's JSON), Belebele or XNLI (a JSON object a line); left out: Tiller's",
      )
      .meta({ title: "Files", widget: "corpora", advanced: true }),
    most: z
      .number()
      .int()
      .min(2)
      .max(100_000)
      .default(OWN_ITEMS)
      .describe("items in each language, at most, from the first on")
      .meta({ title: "Items, at most" }),
    form: formField,
    strength: z
      .number()
      .min(0)
      .max(1000)
      .default(1)
      .describe("of the neurons: 1 adds the whole mean, or puts it in")
      .meta({ title: "Strength" }),
    tokens: answerTokensField,
    seed: seed("of the random neurons"),
  })
  .strict();
type Tasks = z.infer<typeof TasksSchema>;

const CheckpointSchema = z.object({ answers: z.array(AnsweredSchema) }).strict();
type Checkpoint = z.infer<typeof CheckpointSchema>;

export const tasks: Experiment<Tasks, Checkpoint> = {
  id: "language-neurons/tasks",
  title: "Tasks in a language called up",
  summary:
    "Translation, questions, comprehension or inference in each language, plain and while its neurons are added, replaced, or as many random ones added.",
  params: TasksSchema,
  produces: ["report"],
  needs: ["gated-mlp"],
  engine: true,
  about: ({ artifact }) => artifact,
  prepare: (asked: Tasks, library) => ({ ...asked, languages: languagesOf(asked, library).join(", ") }),
  estimate: ({ task, languages, most, tokens }) => {
    const items = (languages?.split(",").length ?? 6) * most;
    return { tokens: items * Object.keys(ARMS).length * (task === "translation" || task === "qa" ? 60 + tokens : 240), bytes: 0 };
  },
  checkpoint: CheckpointSchema,
  run: async (params, lab) => {
    const artifact = artifactOf(params.artifact, lab);
    const codes = languagesOf(params, lab);
    const items = new Map(codes.map((code) => [code, itemsOf(params, code)]));
    const answers = [...(lab.resume()?.answers ?? [])];
    const steps = (Object.keys(ARMS) as Arm[]).flatMap((arm) => codes.map((code) => ({ arm, code })));
    for (const [index, { arm, code }] of steps.entries()) {
      if (answers.some((one) => one.arm === arm && one.language === code)) continue;
      const own = items.get(code)!;
      const texts = await textsOf(own, planFor(arm, code, artifact, params, lab), params, lab, (fraction) =>
        lab.progress((index + fraction) / steps.length, `${ARMS[arm]}: ${code}`),
      );
      answers.push(...scored(params.task, own, texts, arm, code));
      lab.keep({ answers });
    }
    return { artifact: null, report: tasksReport(params, items, answers, lab) };
  },
};

function itemsOf({ task, files, source, most }: Tasks, code: string): Item[] {
  return (files === undefined ? ownItems(task, source, code) : itemsIn(task, files, source, code)).slice(0, most);
}

/** @throws TillerError naming a language that there are no items in */
function languagesOf(asked: Tasks, library: Pick<Library, "artifact">): readonly string[] {
  const all = bodyOf(artifactOf(asked.artifact, library).meta).languages.map(({ code }) => code);
  const wanted = codesOf(asked.languages, all).filter((code) => asked.task !== "translation" || code !== asked.source);
  const has = (code: string): boolean => (asked.files === undefined || code in asked.files) && itemsOf(asked, code).length > 0;
  const there = wanted.filter(has);
  const missing = wanted.find((code) => !has(code));
  if (there.length > 0 && (asked.languages === undefined || missing === undefined)) return there;
  throw new TillerError("invalid-params", `languages: there are no items of ${asked.task} in '${missing ?? asked.source}'`, {
    field: "languages",
    suggestion: "Give files, or leave the language out.",
  });
}

function planFor(
  arm: Arm,
  code: string,
  artifact: LoadedArtifact,
  { strength, seed }: Tasks,
  lab: Pick<Lab, "model">,
): SteeringPlan | null {
  switch (arm) {
    case "plain":
      return null;
    case "add":
      return planOf(artifact, { languages: code, mode: "add" }, strength, lab);
    case "replace":
      // at 1 the means are in their place; the strength is a factor on them
      return planOf(artifact, { languages: code, mode: "replace", value: strength }, 1, lab);
    case "random":
      return planOf(artifact, { languages: code, mode: "add" }, strength, lab, seed);
    default:
      return arm satisfies never;
  }
}
