/** From the arms' figures to the receipt: effects, margins, the usable range, the verdict. Pure: equal figures, equal receipt. */
import { TillerError } from "../../protocol/errors.ts";
import type { EvaluationSpec } from "../../protocol/evaluation.ts";
import { beatsControl, wantedSign } from "../../protocol/evidence.ts";
import { type Damage, type Estimate, RECEIPT_VERSION, type Receipt, type ReceiptPoint, ReceiptSchema } from "../../protocol/receipt.ts";
import { type Arm, armKey, type Cell, sweptStrengths } from "./arms.ts";
import { countOf, differences, type PairedDifference, values } from "./effects.ts";
import { margins, type StrengthAnswers } from "./margin.ts";
import { sha256 } from "./materials.ts";
import type { ArmResult } from "./run-arm.ts";
import { clusterEstimate, mean } from "./statistics.ts";
import { summaryOf } from "./summary.ts";
import { underBounds, unjudgedShare, usableRange } from "./usable.ts";

export interface ReceiptInput {
  readonly spec: EvaluationSpec;
  readonly cells: readonly Cell[];
  readonly seeds: number;
  readonly seed: number;
  readonly arms: ReadonlyMap<string, ArmResult>;
  readonly calibration: Receipt["calibration"];
  readonly about: Pick<Receipt, "artifact" | "control" | "preset" | "model" | "judge" | "spec" | "materials" | "created">;
}

export function makeReceipt(input: ReceiptInput): Receipt {
  const { spec, seed, about, calibration } = input;
  const plain = armOf(input, { kind: "plain" });
  const prompted = armOf(input, { kind: "prompt" });
  const swept = sweptStrengths(spec).map((strength) => answersAt(input, strength));
  const strengths = swept.map(({ strength }) => strength);
  const judged = swept.map(({ effects }) => effects.size >= FEWEST_PROMPTS);
  const under = swept.map(({ steered }, index) => judged[index]! && underBounds(steered, { plain, prompt: prompted }, spec.bounds));
  const usable = usableRange(strengths, under);
  const known = swept.filter((_, index) => judged[index]);
  const compared = known.flatMap((at) => (at.random === null ? [] : [comparedAt(at)]));
  const intervals = new Map(margins(compared, seed).map((interval, index) => [compared[index]!.strength, interval]));
  const points = known.map((at) =>
    pointOf(at, plain, intervals.get(at.strength) ?? null, at.strength >= usable.low && at.strength <= usable.high, seed),
  );
  const promptDifferences = checkJudged(differences(input.cells, prompted.scores, plain.scores), spec, "the prompting baseline's answers");
  const body = {
    version: RECEIPT_VERSION,
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
      effect: clusterEstimate(values(promptDifferences), seed),
      damage: damageOf(prompted, plain),
    },
    points,
    unjudged: strengths.filter((_, index) => !judged[index]),
    usable,
    calibration,
    verdict: verdictOf(points, spec.direction),
    best: bestStrength(points, spec.direction)?.strength ?? null,
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
  /** null at strength 0 */
  readonly random: { readonly arm: ArmResult; readonly effects: ReadonlyMap<number, PairedDifference[]> } | null;
}

function answersAt(input: ReceiptInput, strength: number): AnswersAt {
  const { cells } = input;
  const plain = armOf(input, { kind: "plain" });
  const steered = armOf(input, { kind: "steered", strength });
  const effects = differences(cells, steered.scores, plain.scores);
  if (strength === 0) return { strength, steered, effects, random: null };
  const arm = armOf(input, { kind: "random", strength });
  return { strength, steered, effects, random: { arm, effects: differences(cells, arm.scores, plain.scores) } };
}

/** Prompts that were judged in both arms. */
function comparedAt({ strength, effects, random }: AnswersAt): StrengthAnswers {
  const shared = [...effects.keys()].filter((prompt) => random!.effects.has(prompt));
  return {
    strength,
    steered: shared.map((prompt) => effects.get(prompt)!.map(({ value }) => value)),
    random: shared.map((prompt) => random!.effects.get(prompt)!),
  };
}

function pointOf(
  { strength, steered, effects, random }: AnswersAt,
  plain: ArmResult,
  margin: Estimate | null,
  usable: boolean,
  seed: number,
): ReceiptPoint {
  const controls = random === null ? [] : values(random.effects);
  return {
    strength,
    n: countOf(effects),
    effect: clusterEstimate(values(effects), seed),
    random: controls.length === 0 ? null : clusterEstimate(controls, seed),
    margin,
    damage: damageOf(steered, plain),
    randomBitsPerByte: random === null ? null : random.arm.textBitsPerByte - plain.textBitsPerByte,
    unjudged: unjudgedShare(steered.scores),
    usable,
  };
}

function verdictOf(points: readonly ReceiptPoint[], direction: Receipt["direction"]): Receipt["verdict"] {
  if (points.some((point) => beatsControl(point, direction))) return "effect";
  const usable = points.filter(({ strength, usable }) => usable && strength !== 0);
  return usable.length > 0 && usable.every(({ margin }) => margin === null) ? "too few answers" : "no effect";
}

const FEWEST_PROMPTS = 2;

/**
 * @param whose of which arm, for the error
 * @throws TillerError where the judge judged too little to say anything
 */
export function checkJudged<M extends ReadonlyMap<number, unknown>>(prompts: M, spec: EvaluationSpec, whose: string): M {
  if (prompts.size >= FEWEST_PROMPTS) return prompts;
  throw new TillerError(
    "not-supported",
    `the judge '${spec.judge.id}' could judge ${whose} to ${prompts.size} of ${spec.prompts.length} prompts only`,
    {
      field: "spec.judge",
      suggestion: "Let the answers be longer (sampling.maxTokens), or choose another judge.",
    },
  );
}

/** The usable strength with the largest effect; one that beats its control before one that does not, positive before negative. */
export function bestStrength<P extends Pick<ReceiptPoint, "strength" | "usable" | "margin" | "effect">>(
  points: readonly P[],
  direction: "up" | "down",
): P | undefined {
  const rank = (point: P): [number, number, number] => [
    beatsControl(point, direction) ? 1 : 0,
    point.strength > 0 ? 1 : 0,
    point.effect.value * wantedSign(point.strength, direction),
  ];
  return points
    .filter((point) => point.usable && point.strength !== 0)
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
