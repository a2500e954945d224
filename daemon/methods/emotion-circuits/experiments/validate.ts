/** Circuits on scenarios that they were not found from, beside prompting, the residual direction and random circuits. */
import * as z from "zod";
import type { LoadedArtifact } from "../../../compiler/types.ts";
import { ArtifactIdSchema } from "../../../protocol/preset.ts";
import type { Experiment, Lab } from "../../contract.ts";
import { seed } from "../../shared/params.ts";
import { type Answered, AnsweredSchema, type Arm, circuitsOf, planFor, SWEPT, type Swept } from "../arms.ts";
import { answersOf, instructionsField, LANGUAGE, tokensField, turnsOf } from "../asking.ts";
import { type Choice, chooseStrength } from "../choose.ts";
import { type CurvePoint, curvesOf } from "../curves.ts";
import { BRIEF, EMOTIONS, elicitation } from "../emotions.ts";
import { type Group, groupsOf, type ScenarioSet } from "../scenarios.ts";
import { validateReport } from "../validate-report.ts";

const strengths = (title: string, what: string, values: number[]) =>
  z.array(z.number().min(0.01).max(100)).min(1).max(8).default(values).describe(what).meta({ title, widget: "json", advanced: true });

const scenarioCount = (title: string, what: string, most: number, value: number) =>
  z.number().int().min(1).max(most).default(value).describe(what).meta({ title });

const ValidateSchema = z
  .object({
    circuits: ArtifactIdSchema.describe("what the discovery named, without the emotion: circuit/NAME").meta({
      title: "Circuits",
      example: "circuit/mine",
    }),
    scenarios: scenarioCount("Held-out scenarios", "that are measured on, each with three events", 160, 32),
    choosing: scenarioCount("Scenarios to choose on", "training scenarios on which each strength is chosen", 160, 8),
    strengths: strengths("Strengths", "of the circuit, to choose from", [0.25, 0.5, 0.8, 1, 1.5]),
    residuals: strengths("Strengths of the residual", "in its root mean square, to choose from", [0.5, 1, 2, 3, 4]),
    damage: z
      .number()
      .min(1)
      .max(10)
      .default(1.15)
      .describe("most that answers may cost the plain model in bits per byte, over plain answers, when a strength is chosen")
      .meta({ title: "Damage allowed", advanced: true }),
    instructions: instructionsField,
    tokens: tokensField,
    seed: seed("of the random circuits"),
  })
  .strict();
export type Validate = z.infer<typeof ValidateSchema>;

const CheckpointSchema = z.object({ chosen: z.array(AnsweredSchema), held: z.array(AnsweredSchema) }).strict();
type Checkpoint = z.infer<typeof CheckpointSchema>;

/** One study: one way of steering at one strength for each emotion. */
interface Step {
  readonly arm: Arm;
  /** of each emotion */
  readonly strengths: readonly number[];
}

const CHOOSING = 0.5;

export const validate: Experiment<Validate, Checkpoint> = {
  id: "emotion-circuits/validate",
  title: "Emotion circuits: held out",
  summary:
    "Measures circuits on scenarios that they were not found from, beside prompting, the residual direction and random circuits of equal size, by the emotion judge; and what their first neurons and heads do when they are silenced or raised.",
  params: ValidateSchema,
  produces: ["report"],
  needs: ["gated-mlp", "chat-template"],
  engine: true,
  about: ({ circuits }) => circuits,
  prepare: (asked: Validate, library) => {
    circuitsOf(asked.circuits, library);
    library.checkJudge({ id: "emotion", label: "joy" }, "circuits", [LANGUAGE]);
    return asked;
  },
  estimate: ({ scenarios, choosing, strengths: some, residuals, tokens }) => {
    const answers = 3 * EMOTIONS.length * (choosing * (2 * some.length + residuals.length) + scenarios * 5);
    return { tokens: answers * (2 * tokens + 60), bytes: 0 };
  },
  checkpoint: CheckpointSchema,
  run: async (params, lab) => {
    const artifacts = circuitsOf(params.circuits, lab);
    const kept = lab.resume() ?? { chosen: [], held: [] };
    const same = (value: number): number[] => EMOTIONS.map(() => value);
    const sweep: Step[] = [
      { arm: "plain", strengths: [0] },
      ...SWEPT.flatMap((arm) =>
        (arm === "residual" ? params.residuals : params.strengths).map((value) => ({ arm, strengths: same(value) })),
      ),
    ];
    const chosen = await answerAll(sweep, "train", params.choosing, kept.chosen, artifacts, params, lab, {
      keep: (answers) => lab.keep({ chosen: answers, held: [] }),
      progress: (fraction) => lab.progress(CHOOSING * fraction, "choosing strengths on training scenarios"),
    });
    const choices = SWEPT.flatMap((arm) => EMOTIONS.map((_, emotion) => chooseStrength(chosen, arm, emotion, params.damage)));
    const at = (arm: Swept): number[] =>
      EMOTIONS.map((_, emotion) => choices.find((choice) => choice.arm === arm && choice.emotion === emotion)!.strength);
    const measured: Step[] = [
      { arm: "plain", strengths: [0] },
      { arm: "prompted", strengths: same(0) },
      ...SWEPT.map((arm) => ({ arm, strengths: at(arm) })),
      { arm: "random", strengths: at("circuit") },
    ];
    const held = await answerAll(measured, "held", params.scenarios, kept.held, artifacts, params, lab, {
      keep: (answers) => lab.keep({ chosen, held: answers }),
      progress: (fraction) => lab.progress(CHOOSING + (0.97 - CHOOSING) * fraction, "answering held-out scenarios"),
    });
    lab.progress(0.97, "silencing and raising neurons and heads");
    const curves = await allCurves(artifacts, params, lab);
    const groups = groupsOf("held", params.scenarios);
    return { artifact: null, report: validateReport({ params, groups, choices: choices as Choice[], held, curves }, lab) };
  },
};

interface Kept {
  readonly keep: (answers: Answered[]) => void;
  readonly progress: (fraction: number) => void;
}

async function answerAll(
  steps: readonly Step[],
  set: ScenarioSet,
  scenarios: number,
  before: readonly Answered[],
  artifacts: readonly LoadedArtifact[],
  params: Validate,
  lab: Lab<Checkpoint>,
  { keep, progress }: Kept,
): Promise<Answered[]> {
  const groups = groupsOf(set, scenarios);
  const answers = [...before];
  for (const [index, step] of steps.entries()) {
    const there = answers.some(({ arm, strength }) => arm === step.arm && step.strengths.includes(strength));
    if (there) continue;
    answers.push(...(await answerStep(step, groups, artifacts, params, lab, (fraction) => progress((index + fraction) / steps.length))));
    keep(answers);
  }
  return answers;
}

async function answerStep(
  { arm, strengths: each }: Step,
  groups: readonly Group[],
  artifacts: readonly LoadedArtifact[],
  { instructions, tokens, seed: random }: Validate,
  lab: Lab<Checkpoint>,
  progress: (fraction: number) => void,
): Promise<Answered[]> {
  const plans = each.map((strength, emotion) => planFor(arm, artifacts[emotion]!, strength, lab, random));
  const neutral = instructions?.["neutral"] ?? BRIEF;
  const asked = each.flatMap((strength, emotion) =>
    groups.map(({ prompt }, group) => {
      const name = EMOTIONS[emotion]!;
      const system = arm === "prompted" ? (instructions?.[name] ?? elicitation(name)) : neutral;
      return { strength, emotion: arm === "plain" ? null : emotion, group, plan: emotion, messages: turnsOf(system, prompt) };
    }),
  );
  const written = await answersOf(asked, plans, tokens, lab, (fraction) => progress(0.85 * fraction));
  const read = written.flatMap(({ text }, at) => (text === "" ? [] : [{ at, scored: { plan: 0, messages: null, text, tokens: null } }]));
  const { texts } = await lab.study({ plans: [null], sampling: {}, answers: [], texts: read.map(({ scored }) => scored) }, (fraction) =>
    progress(0.85 + 0.15 * fraction),
  );
  const bits = new Map(read.map(({ at }, index) => [at, texts[index]!.bits]));
  const repeats = await lab.judge("repetition").score(written, lab.signal);
  return asked.map(({ strength, emotion, group }, at): Answered => {
    const { text, label } = written[at]!;
    const repeated = repeats[at]!;
    return {
      ...{ arm, strength, emotion, group, text, label },
      distinct2: repeated.judged ? repeated.values["distinct2"]! : null,
      bits: bits.get(at) ?? 0,
      bytes: Buffer.byteLength(text, "utf8"),
    };
  });
}

/** Prompts of a curve. */
const CURVE_GROUPS = 4;

async function allCurves(artifacts: readonly LoadedArtifact[], params: Validate, lab: Lab<Checkpoint>): Promise<CurvePoint[]> {
  const groups = groupsOf("held", CURVE_GROUPS);
  const points: CurvePoint[] = [];
  for (const [index, artifact] of artifacts.entries()) {
    const name = EMOTIONS[index]!;
    const system = params.instructions?.[name] ?? elicitation(name);
    points.push(
      ...(await curvesOf(
        artifact,
        groups.map(({ prompt }) => turnsOf(system, prompt)),
        params.seed,
        lab,
      )),
    );
  }
  return points;
}
