/** From the arms' figures to the receipt: effects, margins, the usable range, the verdict. Pure: equal figures, equal receipt. */
import { TillerError } from "../../protocol/errors.ts";
import type { EvaluationSpec, JudgeChoice } from "../../protocol/evaluation.ts";
import { beatsControl, wantedSign } from "../../protocol/evidence.ts";
import {
  type Damage,
  type Estimate,
  RECEIPT_VERSION,
  type Receipt,
  type ReceiptPoint,
  ReceiptSchema,
  STATISTICS_VERSION,
} from "../../protocol/receipt.ts";
import { alsoChanges } from "./also.ts";
import { type Arm, armKey, type Cell, sweptStrengths } from "./arms.ts";
import { clusterEstimate, type Kinds } from "./clusters.ts";
import { countOf, differences, judgedPrompts, type PairedDifference, randomDifferences, values } from "./effects.ts";
import { ENOUGH, type Enough, intervalOf, marginAt, pooledMargin, type StrengthAnswers } from "./margin.ts";
import { sha256 } from "./materials.ts";
import type { ArmResult } from "./run-arm.ts";
import { mean } from "./statistics.ts";
import { summaryOf } from "./summary.ts";
import { underBounds, unjudgedShare, usableRange } from "./usable.ts";
import { relevantEffect, verdictOf } from "./verdict.ts";

export interface ReceiptInput {
  readonly spec: EvaluationSpec;
  readonly cells: readonly Cell[];
  readonly seeds: number;
  readonly seed: number;
  readonly arms: ReadonlyMap<string, ArmResult>;
  readonly calibration: Receipt["calibration"];
  /** what other judges were asked for */
  readonly others: readonly JudgeChoice[];
  readonly quick?: Receipt["quick"];
  /** of a measurement that is looked at while it goes on: with how many answers, and with how much beyond each end of an interval */
  readonly look?: { readonly enough: Enough; readonly tail: number };
  readonly about: Pick<Receipt, "artifact" | "control" | "preset" | "model" | "judge" | "spec" | "materials" | "created">;
}

export function makeReceipt(input: ReceiptInput): Receipt {
  const { spec, seed, about, calibration } = input;
  const plain = armOf(input, { kind: "plain" });
  const prompted = armOf(input, { kind: "prompt" });
  const swept = sweptStrengths(spec).map((strength) => answersAt(input, strength));
  const strengths = swept.map(({ strength }) => strength);
  const judged = swept.map(({ effects }) => judgedPrompts(effects) >= FEWEST_PROMPTS);
  const under = swept.map(({ steered }, index) => judged[index]! && underBounds(steered, { plain, prompt: prompted }, spec.bounds));
  const usable = usableRange(strengths, under);
  const known = swept.filter((_, index) => judged[index]);
  const within = (strength: number): boolean => strength >= usable.low && strength <= usable.high;
  const compared = known.flatMap((at) => (at.random === null ? [] : [comparedAt(at)]));
  // With a look at a few answers, six kinds say too little: prompts are its clusters.
  const named = kindsOf(spec);
  const kinds = input.look === undefined ? named : null;
  const { enough, tail } = input.look ?? { enough: ENOUGH, tail: undefined };
  const pooled = pooledMargin(
    compared.filter(({ strength }) => within(strength)),
    kinds,
    enough,
  );
  const spread = (pooled ?? pooledMargin(compared, kinds, enough))?.between ?? 0;
  const intervals = new Map(compared.map((answers) => [answers.strength, marginAt(answers, spread, kinds, enough)]));
  const estimate: Estimated = (prompts) => clusterEstimate(prompts, kinds, tail);
  const points = known.map((at) => {
    const margin = intervals.get(at.strength) ?? null;
    return pointOf(at, plain, margin === null ? null : intervalOf(margin, tail), within(at.strength), estimate);
  });
  const slope = pooled === null ? null : intervalOf(pooled, tail);
  const best = bestStrength(points, spec.direction)?.strength ?? null;
  const shown = known.find(({ strength }) => strength === best);
  const relevant = relevantEffect(spec.judge, plain.scores);
  const promptDifferences = checkJudged(differences(input.cells, prompted.scores, plain.scores), spec, "the prompting baseline's answers");
  const body = {
    version: RECEIPT_VERSION,
    statistics: STATISTICS_VERSION,
    ...about,
    title: spec.title,
    direction: spec.direction,
    seed,
    prompts: spec.prompts.length,
    seeds: input.seeds,
    draws: new Set(compared.flatMap(({ random }) => random.flatMap((answers) => answers.map(({ draw }) => draw)))).size,
    sampling: spec.sampling,
    bounds: spec.bounds,
    plain: {
      score: mean(plain.scores.filter((score) => score !== null)),
      bitsPerByte: plain.textBitsPerByte,
      damage: damageOf(plain, plain),
    },
    prompt: {
      n: countOf(promptDifferences),
      effect: clusterEstimate(values(promptDifferences), kinds),
      damage: damageOf(prompted, plain),
    },
    points,
    unjudged: strengths.filter((_, index) => !judged[index]),
    usable,
    calibration,
    kinds: shown === undefined ? [] : byKind(values(shown.effects), named),
    also: shown === undefined ? [] : alsoChanges(input.others, { steered: shown.steered.others, plain: plain.others }, input.cells, kinds),
    quick: input.quick ?? null,
    human: null,
    ...verdictOf({ points, slope, relevant, direction: spec.direction }),
    slope,
    relevant,
    best,
  };
  const rounded = round(body);
  const summary = summaryOf(rounded);
  const { created, ...lasting } = rounded;
  return ReceiptSchema.parse({ ...lasting, summary, created, hash: sha256({ ...lasting, summary }) });
}

/** What was answered at one strength, as differences from the plain model. */
interface AnswersAt {
  readonly strength: number;
  readonly steered: ArmResult;
  readonly effects: ReadonlyMap<number, PairedDifference[]>;
  /** null at strength 0, and where none answered */
  readonly random: { readonly arm: ArmResult; readonly effects: ReadonlyMap<number, PairedDifference[]> } | null;
}

function answersAt(input: ReceiptInput, strength: number): AnswersAt {
  const { cells } = input;
  const plain = armOf(input, { kind: "plain" });
  const steered = armOf(input, { kind: "steered", strength });
  const effects = differences(cells, steered.scores, plain.scores);
  if (strength === 0) return { strength, steered, effects, random: null };
  // A quick verdict compares one strength alone with random directions.
  const arm = input.arms.get(armKey({ kind: "random", strength }));
  const random = arm === undefined ? null : { arm, effects: randomDifferences(cells, arm.scores, plain.scores) };
  return { strength, steered, effects, random };
}

/** Kinds of the prompts, where each has one. */
export function kindsOf({ prompts }: Pick<EvaluationSpec, "prompts">): Kinds {
  const kinds = prompts.flatMap(({ kind }) => (kind === undefined ? [] : [kind]));
  return kinds.length === prompts.length ? kinds : null;
}

function byKind(prompts: readonly (readonly number[])[], kinds: Kinds): Receipt["kinds"] {
  return [...new Set(kinds ?? [])].map((kind) => {
    const own = prompts.filter((_, prompt) => kinds![prompt] === kind);
    return { kind, prompts: own.length, effect: clusterEstimate(own) };
  });
}

/** A mean over prompts with the interval that the measurement has. */
type Estimated = (prompts: readonly (readonly number[])[]) => Estimate;

function comparedAt({ strength, effects, random }: AnswersAt): StrengthAnswers {
  return { strength, steered: values(effects), random: [...random!.effects.values()] };
}

function pointOf(
  { strength, steered, effects, random }: AnswersAt,
  plain: ArmResult,
  margin: Estimate | null,
  usable: boolean,
  estimate: Estimated,
): ReceiptPoint {
  const controls = random === null ? [] : values(random.effects);
  return {
    strength,
    n: countOf(effects),
    effect: estimate(values(effects)),
    random: controls.length === 0 ? null : estimate(controls),
    margin,
    damage: damageOf(steered, plain),
    randomBitsPerByte: random === null ? null : random.arm.textBitsPerByte - plain.textBitsPerByte,
    unjudged: unjudgedShare(steered.scores),
    usable,
  };
}

const FEWEST_PROMPTS = 2;

/**
 * @param whose of which arm, for the error
 * @throws TillerError where the judge judged too little to say anything
 */
export function checkJudged<M extends ReadonlyMap<number, readonly PairedDifference[]>>(
  prompts: M,
  spec: EvaluationSpec,
  whose: string,
): M {
  const judged = judgedPrompts(prompts);
  if (judged >= FEWEST_PROMPTS) return prompts;
  throw new TillerError(
    "not-supported",
    `the judge '${spec.judge.id}' could judge ${whose} to ${judged} of ${spec.prompts.length} prompts only`,
    {
      field: "spec.judge",
      suggestion: "Let the answers be longer (sampling.maxTokens), or choose another judge.",
    },
  );
}

/** The usable strength, compared with random directions, with the largest effect; one that beats its control before one that does not, positive before negative. */
export function bestStrength<P extends Pick<ReceiptPoint, "strength" | "usable" | "margin" | "effect" | "random">>(
  points: readonly P[],
  direction: "up" | "down",
): P | undefined {
  const rank = (point: P): [number, number, number] => [
    beatsControl(point, direction) ? 1 : 0,
    point.strength > 0 ? 1 : 0,
    point.effect.value * wantedSign(point.strength, direction),
  ];
  return points
    .filter((point) => point.usable && point.random !== null)
    .sort((a, b) => {
      const [x, y] = [rank(a), rank(b)];
      return y[0] - x[0] || y[1] - x[1] || y[2] - x[2];
    })[0];
}

function damageOf(arm: ArmResult, plain: ArmResult): Damage {
  return { bitsPerByte: arm.textBitsPerByte - plain.textBitsPerByte, ...arm.damage! };
}

function armOf({ arms }: ReceiptInput, arm: Arm): ArmResult {
  return arms.get(armKey(arm))!;
}

/** Six significant digits are more than any figure here supports, and spare the file sixteen. */
function round<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_, part: unknown) =>
    typeof part === "number" && !Number.isInteger(part) ? Number(part.toPrecision(6)) : part,
  ) as T;
}
