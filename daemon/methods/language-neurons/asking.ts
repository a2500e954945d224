/** Questions as prompts, and plans by the settings of a control: what the experiments that generate have in common. */
import * as z from "zod";
import { compileRack } from "../../compiler/compile.ts";
import type { LoadedArtifact, MethodCompiler } from "../../compiler/types.ts";
import type { StudyAnswer } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { SteeringPlan } from "../../protocol/plan.ts";
import { ArtifactIdSchema, type Sampling } from "../../protocol/preset.ts";
import type { Lab } from "../contract.ts";
import { languageCompiler } from "./compile.ts";
import { questionsIn } from "./questions.ts";
import type { SettingsSchema } from "./settings.ts";

export const artifactField = ArtifactIdSchema.describe("the set of language neurons, such as language/six").meta({
  title: "Language neurons",
  widget: "artifact",
});

export const FORMS = {
  chat: "a user turn through the model's chat template",
  qa: "the line “Q: …” and then “A:”, for models that only continue text",
} as const;
export type Form = keyof typeof FORMS;

export const formField = z
  .enum(Object.keys(FORMS) as [Form, ...Form[]])
  .default("chat")
  .describe("how a question is put to the model")
  .meta({ title: "Form", widget: "select", options: FORMS });

/** What neurons that are put down are set to. */
export const offField = z
  .number()
  .min(-5)
  .max(5)
  .default(0)
  .describe("what neurons that are put down are set to; the published study has 0, −1 and −1.5")
  .meta({ title: "Value when put down", advanced: true });

export const answerTokensField = z
  .number()
  .int()
  .min(8)
  .max(1024)
  .default(48)
  .describe("an answer has at most so many")
  .meta({ title: "Tokens of an answer", advanced: true });

/** Greedy with the published study's penalty, so that an answer follows from its question alone. */
export function samplingOf(maxTokens: number): Sampling {
  return { temperature: 0, repeatPenalty: 1.1, maxTokens };
}

/** A base model would go on to ask itself the next question. */
export const STOPS: Readonly<Record<Form, string[]>> = { chat: [], qa: ["\nQ:", "\nA:"] };

export function ask(question: string, form: Form, plan: number): StudyAnswer {
  const messages = form === "chat" ? [{ role: "user" as const, content: question }] : [];
  return { plan, messages, seed: 0, ...(form === "qa" ? { prompt: `Q: ${question}\nA:` } : {}) };
}

/** The artifact of that name. @throws TillerError not-found, invalid-params */
export function artifactOf(id: string, lab: Pick<Lab, "artifact">): LoadedArtifact {
  const artifact = lab.artifact(id);
  if (artifact === null) throw new TillerError("not-found", `there is no artifact '${id}'`, { field: "artifact" });
  if (artifact.meta.kind === languageCompiler.kind) return artifact;
  throw new TillerError("invalid-params", `artifact: '${id}' is no set of language neurons`, { field: "artifact" });
}

type Asked = z.input<typeof SettingsSchema>;

/** A control of the artifact alone, as a preset would have it. @param random seed of as many neurons, or another direction, that mean nothing */
export function planOf(
  artifact: LoadedArtifact,
  settings: Asked,
  strength: number,
  { model }: Pick<Lab, "model">,
  random: number | null = null,
): SteeringPlan {
  const method: MethodCompiler = {
    ...(languageCompiler as MethodCompiler),
    ...(random === null ? {} : { compile: (input) => languageCompiler.randomised!(input as never, random) }),
  };
  const rack = { controls: { language: { use: artifact.meta.id, strength, with: settings } } };
  const probe = (): never => {
    throw new TillerError("internal", "this rack has no probes");
  };
  return compileRack({ rack, set: {}, model, artifact: () => artifact }, { methods: [method], probe });
}

/** Questions by language. @throws TillerError where a language has none, own or given */
export function questionsOf(
  codes: readonly string[],
  given: Readonly<Record<string, string>> | undefined,
  most: number,
): ReadonlyMap<string, readonly string[]> {
  return new Map(
    codes.map((code) => {
      const own = given?.[code]?.split("\n").filter((line) => line.trim() !== "");
      const questions = own?.slice(0, most) ?? questionsIn(code, most);
      if (questions.length > 0) return [code, questions];
      throw new TillerError("invalid-params", `questions: there are none in '${code}'`, {
        field: "questions",
        suggestion: `Give some, or leave the language out.`,
      });
    }),
  );
}

/** "es, en" among those of the artifact; nothing means all. @throws TillerError naming one that it does not have */
export function codesOf(text: string | undefined, all: readonly string[]): readonly string[] {
  if (text === undefined) return all;
  const codes = text.split(/[\s,]+/).filter((code) => code !== "");
  const unknown = codes.find((code) => !all.includes(code));
  if (unknown === undefined && codes.length > 0) return codes;
  throw new TillerError("invalid-params", `languages: '${unknown ?? ""}' is none of ${all.join(", ")}`, { field: "languages" });
}
