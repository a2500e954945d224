/** What is compared on held-out scenarios, and plans by the settings of a control. */
import * as z from "zod";
import { compileRack } from "../../compiler/compile.ts";
import type { LoadedArtifact, MethodCompiler } from "../../compiler/types.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { SteeringPlan } from "../../protocol/plan.ts";
import type { Lab } from "../contract.ts";
import { circuitCompiler } from "./compile.ts";
import { EMOTIONS } from "./emotions.ts";
import type { SettingsSchema } from "./settings.ts";

export const ARMS = {
  plain: "no steering, no emotion asked for",
  prompted: "the emotion is asked for in the system turn",
  circuit: "the circuit, neurons from the prompt's last token on, heads everywhere",
  symmetric: "the circuit, all of it from the prompt's last token on",
  residual: "the emotion's direction added to the residual at middle layers",
  random: "as many random neurons and heads in the same layers, with the circuit's values",
} as const;
export type Arm = keyof typeof ARMS;

/** Arms whose strength is chosen. */
export const SWEPT = ["circuit", "symmetric", "residual"] as const satisfies readonly Arm[];
export type Swept = (typeof SWEPT)[number];

export const AnsweredSchema = z
  .object({
    arm: z.enum(Object.keys(ARMS) as [Arm, ...Arm[]]),
    strength: z.number(),
    /** index of the wanted emotion; null: none is wanted */
    emotion: z.number().int().nullable(),
    group: z.number().int(),
    text: z.string(),
    /** the emotion judge's label; null: it did not judge */
    label: z.string().nullable(),
    /** different pairs of words over pairs; null: too short */
    distinct2: z.number().nullable(),
    /** of the answer, read by the plain model as a text of its own */
    bits: z.number(),
    bytes: z.number(),
  })
  .strict();
export type Answered = z.infer<typeof AnsweredSchema>;

/** The circuits of all six emotions. @throws TillerError not-found, invalid-params */
export function circuitsOf(name: string, lab: Pick<Lab, "artifact">): LoadedArtifact[] {
  return EMOTIONS.map((emotion) => {
    const id = `${name}-${emotion}`;
    const artifact = lab.artifact(id);
    if (artifact === null)
      throw new TillerError("not-found", `there is no artifact '${id}'`, {
        field: "circuits",
        suggestion: "Name the circuits as the discovery did, without the emotion: circuit/NAME.",
      });
    if (artifact.meta.kind !== circuitCompiler.kind)
      throw new TillerError("invalid-params", `circuits: '${id}' is no emotion circuit`, { field: "circuits" });
    return artifact;
  });
}

/** null: nothing is steered. @param seed of random neurons and heads */
export function planFor(
  arm: Arm,
  artifact: LoadedArtifact,
  strength: number,
  { model }: Pick<Lab, "model">,
  seed: number,
): SteeringPlan | null {
  switch (arm) {
    case "plain":
    case "prompted":
      return null;
    case "circuit":
      return planOf(artifact, {}, strength, model, null);
    case "symmetric":
      return planOf(artifact, { where: "symmetric" }, strength, model, null);
    case "residual":
      return planOf(artifact, { parts: "residual" }, strength, model, null);
    case "random":
      return planOf(artifact, {}, strength, model, seed);
    default:
      arm satisfies never;
      throw new TillerError("internal", "unknown arm");
  }
}

function planOf(
  artifact: LoadedArtifact,
  settings: z.input<typeof SettingsSchema>,
  strength: number,
  model: Lab["model"],
  seed: number | null,
): SteeringPlan {
  const method: MethodCompiler = {
    ...(circuitCompiler as MethodCompiler),
    ...(seed === null ? {} : { compile: (input) => circuitCompiler.randomised!(input as never, seed) }),
  };
  const rack = { controls: { emotion: { use: artifact.meta.id, strength, with: settings } } };
  const probe = (): never => {
    throw new TillerError("internal", "this rack has no probes");
  };
  return compileRack({ rack, set: {}, model, artifact: () => artifact }, { methods: [method], probe });
}

export function bitsPerByte(answers: readonly Pick<Answered, "bits" | "bytes">[]): number {
  const bytes = answers.reduce((sum, answer) => sum + answer.bytes, 0);
  return bytes === 0 ? 0 : answers.reduce((sum, answer) => sum + answer.bits, 0) / bytes;
}
