/** One evaluation from its specification to its receipt. Finished arms are handed out, and taken back after an interruption. */
import type { EvaluationSpec } from "../../protocol/evaluation.ts";
import type { Judge } from "../../protocol/judge.ts";
import type { Numerics } from "../../protocol/numerics.ts";
import type { Receipt } from "../../protocol/receipt.ts";
import { otherChoices } from "./also.ts";
import { type Arm, armKey, armsOf, type Cell, cellsOf, seedsFor, sweptStrengths } from "./arms.ts";
import { calibrate } from "./calibrate.ts";
import { checkPlans } from "./check-plans.ts";
import { differences } from "./effects.ts";
import { checkLanguages } from "./judging.ts";
import { type Materials, materialsHash, sha256 } from "./materials.ts";
import { planAt, type Sweep } from "./plans.ts";
import { checkJudged, makeReceipt, type ReceiptInput } from "./receipt.ts";
import { type ArmDeps, type ArmResult, probeDamage, runArm } from "./run-arm.ts";
import { inParts } from "./study-parts.ts";
import { type Damaged, underBounds } from "./usable.ts";
import { workOfArm, workOfProbe } from "./work.ts";

export interface Evaluation {
  readonly spec: EvaluationSpec;
  readonly n: number | undefined;
  readonly seed: number;
  readonly calibrate: boolean;
  readonly preset: string | null;
  readonly sweep: Sweep;
  /** ISO date for the receipt */
  readonly created: string;
  /** how the model is computed */
  readonly numerics: Numerics;
}

export interface EvaluationDeps extends Pick<ArmDeps, "study" | "signal"> {
  readonly judge: Judge;
  /** those that say what else changes */
  readonly judges: readonly Judge[];
  readonly materials: Materials;
  /** arms that an earlier run finished */
  readonly finished: ReadonlyMap<string, ArmResult>;
  /** called with all finished arms after each */
  readonly keep: (arms: ReadonlyMap<string, ArmResult>) => void;
  readonly progress: (fraction: number, message: string) => void;
}

/** Bisection takes about so many strengths on one side. */
const CALIBRATION_STEPS = 6;

export async function evaluate(evaluation: Evaluation, deps: EvaluationDeps): Promise<Receipt> {
  const { spec, seed, sweep } = evaluation;
  checkLanguages(
    deps.judge,
    spec.prompts.map(({ language }) => language),
  );
  checkPlans(spec, sweep, seed);
  const seeds = seedsFor(spec, evaluation.n);
  const cells = cellsOf(spec, seeds, seed);
  const armDeps: ArmDeps = {
    spec,
    cells,
    sweep,
    seed,
    judge: deps.judge,
    judges: deps.judges,
    materials: deps.materials,
    study: inParts(deps.study),
    signal: deps.signal,
  };
  const arms = new Map(deps.finished);
  const planned = armsOf(spec);
  const probes = evaluation.calibrate ? CALIBRATION_STEPS * new Set(spec.strengths.map(Math.sign).filter((sign) => sign !== 0)).size : 0;
  const workOf = (arm: Arm): number => workOfArm(arm, spec, cells, deps.materials);
  const probeWork = workOfProbe(spec, cells, deps.materials);
  const sweeping = planned.reduce((sum, arm) => sum + workOf(arm), 0);
  const total = sweeping + probes * probeWork;
  let done = planned.reduce((sum, arm) => sum + (arms.has(armKey(arm)) ? workOf(arm) : 0), 0);
  for (const arm of planned) {
    if (arms.has(armKey(arm))) continue;
    const work = workOf(arm);
    const before = done;
    const tell = (fraction: number): void => deps.progress((before + fraction * work) / total, describeArm(arm, cells.length));
    done += work;
    arms.set(armKey(arm), await runArm(arm, armDeps, tell));
    deps.keep(arms);
    // An answer that cannot be judged without steering is told before hours are spent on those with it.
    if (arm.kind === "plain") checkPlain(arms.get(armKey(arm))!, cells, spec);
  }
  const [plain, prompt] = [arms.get("plain")!, arms.get("prompt")!];
  let probed = 0;
  const probe = (strength: number): Promise<Damaged> => {
    const before = sweeping + probeWork * Math.min(probed++, probes - 1);
    return probeDamage(strength, armDeps, (fraction) => deps.progress((before + probeWork * fraction) / total, `calibrating: ${strength}`));
  };
  let bare: Damaged | null = null;
  const under = async (strength: number): Promise<boolean> => {
    const swept = arms.get(armKey({ kind: "steered", strength }));
    if (swept !== undefined) return underBounds(swept, { plain, prompt }, spec.bounds);
    // beside the plain model's answers to the same prompts and seeds, which are fewer than the sweep's
    bare ??= await probe(0);
    return underBounds(await probe(strength), { plain: bare, prompt }, spec.bounds);
  };
  const calibration = evaluation.calibrate ? await calibrate(sweptStrengths(spec), under) : null;
  return makeReceipt({
    spec,
    cells,
    seeds,
    seed,
    arms,
    calibration,
    others: otherChoices(deps.judges, spec.judge),
    about: aboutOf(evaluation, deps),
  });
}

function checkPlain({ scores }: ArmResult, cells: readonly Cell[], spec: EvaluationSpec): void {
  checkJudged(differences(cells, scores, scores), spec, "the plain model's answers");
}

function describeArm(arm: Arm, n: number): string {
  switch (arm.kind) {
    case "plain":
      return `${n} answers without steering`;
    case "prompt":
      return `${n} answers with the prompting baseline`;
    case "steered":
      return `${n} answers at strength ${arm.strength}`;
    default:
      return `${n} answers with random directions at strength ${arm.strength}`;
  }
}

export function aboutOf(
  { spec, preset, sweep, created, numerics }: Pick<Evaluation, "spec" | "preset" | "sweep" | "created" | "numerics">,
  { judge, materials }: Pick<EvaluationDeps, "judge" | "materials">,
): ReceiptInput["about"] {
  const { control, rack, model } = sweep;
  const settings = rack.controls[control]!;
  const { id, hash } = sweep.artifact(settings.use)!.meta;
  const row = planAt(sweep, 1).report.controls[0]!;
  return {
    artifact: { id, sha256: hash },
    control: {
      name: control,
      settings: row.settings,
      text: row.text,
      scope: row.scope as ReceiptInput["about"]["control"]["scope"],
      when: { ...rack.when },
    },
    preset,
    model: { architecture: model.facts.architecture, fingerprint: model.fingerprint, quantisation: model.quantisation, numerics },
    judge: { choice: spec.judge, title: judge.title, version: judge.version, hash: judge.hash },
    spec: sha256(spec),
    materials: materialsHash(materials),
    created,
  };
}
