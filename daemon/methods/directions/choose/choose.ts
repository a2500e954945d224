/**
 * Layers and unit of a direction by what they do. A likelihood sweep narrows the candidates down; what the model then writes under
 * each of the few that are left, at the strongest strength at which it stays fluent, decides among them. Separation does
 * not tell: of clear pairs it is perfect at every layer.
 */

import { formatLayers } from "../../../compiler/report.ts";
import type { LoadedArtifact } from "../../../compiler/types.ts";
import type { StudyText } from "../../../protocol/engine-api.ts";
import type { Message } from "../../../protocol/message.ts";
import type { Block } from "../../../protocol/report.ts";
import type { Lab } from "../../contract.ts";
import { type Candidate, candidatesOf } from "./candidates.ts";
import { bestOf, type Curve, strongest } from "./points.ts";
import { chooseReport } from "./report.ts";
import { planOf, type SweepTexts, sweep } from "./sweep.ts";
import { isFluent, type Shown, type Tried, type Written, write } from "./written.ts";

export interface Choice {
  readonly layers: readonly number[];
  /** gaps per layer that strength 1 adds: the strongest strength at which answers stay fluent */
  readonly unit: number;
  /** the strongest on the other side, in the same unit */
  readonly low: number;
  readonly report: readonly Block[];
}

export interface ChooseInput {
  /** found without the texts' pairs; vectors at all live layers */
  readonly artifact: LoadedArtifact;
  readonly live: readonly number[];
  /** the layer that is taken when nothing is known of what layers do: it is among those that are written under */
  readonly usual: readonly number[];
  readonly texts: Omit<SweepTexts, "own">;
  readonly prompts: readonly Message[][];
  readonly seed: number;
  readonly shown: Shown;
}

export type ChooseLab = Pick<Lab, "model" | "likelihood" | "study">;

/** Pairs and neutral texts that the first look takes, and the candidates that it leaves. */
const FIRST_PAIRS = 5;
const FIRST_NEUTRAL = 3;
/** Plain answers whose loss is told. */
const OWN = 3;
const LEFT = 2;
/** that are written under */
const WRITTEN = 2;
const FIRST_STRENGTHS = [1, 3];
const MORE_STRENGTHS = [-2, -1, 0.5, 1, 2, 4];
/** A candidate that breaks at its strongest strength is tried once more at so much of it. */
const WEAKER = 0.7;

/** @returns null where no candidate moves anything without damage */
export async function chooseByEffect(
  input: ChooseInput,
  lab: ChooseLab,
  progress: (fraction: number, what: string) => void,
): Promise<Choice | null> {
  const { artifact, live, texts, prompts, seed, shown } = input;
  const tell = (from: number, to: number, what: string) => (fraction: number) => progress(from + fraction * (to - from), what);
  const [plain] = await write([null], prompts, seed, lab, shown, tell(0, 0.1, "plain answers"));
  const all = candidatesOf(live);
  const first = await sweep(
    artifact,
    all.map((candidate) => ({ candidate, strengths: FIRST_STRENGTHS })),
    { pairs: texts.pairs.slice(0, FIRST_PAIRS), neutral: texts.neutral.slice(0, FIRST_NEUTRAL), own: [] },
    lab,
    tell(0.1, 0.4, `${all.length} candidates, effect and damage`),
  );
  const usual: Candidate = { id: formatLayers(input.usual), layers: input.usual };
  const left = unique([...ranked(first).slice(0, LEFT), usual]);
  const own = plain!.answers.slice(0, OWN).map(({ prompt, tokens }): StudyText => ({ plan: 0, messages: prompt, text: null, tokens }));
  const curves = await sweep(
    artifact,
    left.map((candidate) => ({ candidate, strengths: MORE_STRENGTHS })),
    { ...texts, own: own.filter(({ tokens }) => tokens!.length > 0) },
    lab,
    tell(0.4, 0.7, `${left.length} candidates, more strengths`),
  );
  const tried = await tryOut(
    input,
    unique([...ranked(curves).slice(0, WRITTEN), usual]),
    curves,
    plain!,
    lab,
    tell(0.7, 1, "answers under the best"),
  );
  const decided = tried.filter(({ fluent, strength }) => fluent && strength > 0).sort((a, b) => b.written.shown - a.written.shown)[0];
  const report = chooseReport({ first, curves, tried, plain: plain!, decided: decided?.candidate ?? null });
  if (decided === undefined) return null;
  const curve = curves.find(({ candidate }) => candidate.id === decided.candidate.id)!;
  const low = strongest(curve, -1).strength / decided.strength;
  return { layers: decided.candidate.layers, unit: decided.strength / decided.candidate.layers.length, low, report };
}

async function tryOut(
  { artifact, prompts, seed, shown }: ChooseInput,
  candidates: readonly Candidate[],
  curves: readonly Curve[],
  plain: Written,
  lab: ChooseLab,
  progress: (fraction: number) => void,
): Promise<Tried[]> {
  const at = async (runs: readonly { candidate: Candidate; strength: number }[], from: number, to: number): Promise<Tried[]> => {
    if (runs.length === 0) return [];
    const plans = runs.map(({ candidate, strength }) => planOf(artifact, candidate, strength, lab.model));
    const written = await write(plans, prompts, seed, lab, shown, (fraction) => progress(from + fraction * (to - from)));
    return runs.map((run, index) => ({ ...run, written: written[index]!, fluent: isFluent(written[index]!, plain) }));
  };
  const strengths = candidates.map((candidate) => ({ candidate, ...bestOf(curves.find((curve) => curve.candidate.id === candidate.id)!) }));
  const once = await at(
    strengths.filter(({ strength }) => strength > 0),
    0,
    0.7,
  );
  const broken = once.filter(({ fluent }) => !fluent).map(({ candidate, strength }) => ({ candidate, strength: strength * WEAKER }));
  return [...once, ...(await at(broken, 0.7, 1))];
}

function ranked(curves: readonly Curve[]): Candidate[] {
  return [...curves].sort((a, b) => bestOf(b).effect - bestOf(a).effect).map(({ candidate }) => candidate);
}

function unique(candidates: readonly Candidate[]): Candidate[] {
  return [...new Map(candidates.toReversed().map((candidate) => [candidate.id, candidate])).values()].toReversed();
}
