/** From the arms' figures to the receipt: effects, margins, the usable range, the verdict. Pure: equal figures, equal receipt. */
import { TillerError } from "../protocol/errors.ts";
import type { EvaluationSpec } from "../protocol/evaluation.ts";
import { beatsControl, wantedSign } from "../protocol/evidence.ts";
import { type Damage, RECEIPT_VERSION, type Receipt, type ReceiptPoint, ReceiptSchema } from "../protocol/receipt.ts";
import { type Arm, armKey, type Cell, drawsFor, sweptStrengths } from "./arms.ts";
import { countOf, differences, type PairedDifference, values } from "./effects.ts";
import { margin } from "./margin.ts";
import { sha256 } from "./materials.ts";
import type { ArmResult } from "./run-arm.ts";
import { clusterEstimate, mean } from "./statistics.ts";
import { summaryOf } from "./summary.ts";
import { underBounds, usableRange } from "./usable.ts";

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
  const strengths = sweptStrengths(spec);
  const under = strengths.map((strength) => underBounds(armOf(input, { kind: "steered", strength }), plain, spec.bounds));
  const usable = usableRange(strengths, under);
  const points = strengths.map((strength) => pointOf(input, strength, strength >= usable.low && strength <= usable.high));
  const promptDifferences = judged(differences(input.cells, prompted.scores, plain.scores), spec);
  const best = bestStrength(points, spec.direction);
  const body = {
    version: RECEIPT_VERSION,
    ...about,
    title: spec.title,
    direction: spec.direction,
    seed,
    prompts: spec.prompts.length,
    seeds: input.seeds,
    draws: drawsFor(spec, input.cells.length),
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
    usable,
    calibration,
    verdict: points.some((point) => beatsControl(point, spec.direction)) ? ("effect" as const) : ("no effect" as const),
    best: best?.strength ?? null,
  };
  const rounded = round(body);
  const summary = summaryOf(rounded);
  const { created, ...lasting } = rounded;
  return ReceiptSchema.parse({ ...lasting, summary, created, hash: sha256({ ...lasting, summary }) });
}

function pointOf(input: ReceiptInput, strength: number, usable: boolean): ReceiptPoint {
  const { spec, cells, seed } = input;
  const plain = armOf(input, { kind: "plain" });
  const steered = armOf(input, { kind: "steered", strength });
  const effects = judged(differences(cells, steered.scores, plain.scores), spec);
  const point = {
    strength,
    n: countOf(effects),
    effect: clusterEstimate(values(effects), seed),
    damage: damageOf(steered, plain),
    usable,
  };
  if (strength === 0) return { ...point, random: null, margin: null, randomBitsPerByte: null };
  const control = armOf(input, { kind: "random", strength });
  const random = judged(differences(cells, control.scores, plain.scores), spec);
  const shared = [...effects.keys()].filter((prompt) => random.has(prompt));
  return {
    ...point,
    random: clusterEstimate(values(random), seed),
    margin: margin({
      steered: shared.map((prompt) => effects.get(prompt)!.map(({ value }) => value)),
      random: shared.map((prompt): readonly PairedDifference[] => random.get(prompt)!),
      strengths: sweptStrengths(spec).length - 1,
      seed,
    }),
    randomBitsPerByte: control.textBitsPerByte - plain.textBitsPerByte,
  };
}

/** @throws TillerError where the judge judged too little to say anything */
function judged<M extends ReadonlyMap<number, readonly PairedDifference[]>>(prompts: M, spec: EvaluationSpec): M {
  if (prompts.size >= 2) return prompts;
  throw new TillerError(
    "not-supported",
    `the judge '${spec.judge.id}' judged answers to ${prompts.size} of ${spec.prompts.length} prompts`,
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
