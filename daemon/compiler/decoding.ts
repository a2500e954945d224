/** A rule of decoding as an engine needs it: which further streams, what each is for, and the rule in words. Pure. */
import type { Best, Contrast, Decoding, Reward, Stream, Tilt } from "../protocol/decoding.ts";
import { type EngineDecoding, OWN_STREAM } from "../protocol/engine-api.ts";
import { TillerError } from "../protocol/errors.ts";

/** null: the plain model; else a preset's id */
export type Further = string | null;

export interface Rule extends Omit<EngineDecoding, "streams" | "scorers"> {
  readonly streams: readonly Further[];
  /** ids of the prefix scorers that it names */
  readonly scorers: readonly string[];
}

/**
 * @param steered whether the answer itself has controls, at whatever strength: without them the plain model is the answer's own stream
 * @returns null where nothing is asked for, or nothing that would change or tell anything
 */
export function ruleOf(decoding: Decoding | undefined, steered: boolean): Rule | null {
  const contrast = activeContrast(decoding?.contrast);
  const kl = decoding?.kl === true;
  const best = decoding?.best === undefined ? null : bestOf(decoding.best);
  const tilt = activeTilt(decoding?.tilt);
  if (contrast === null && !kl && best === null && tilt === null) return null;
  if (best !== null) return chosen(best, contrast !== null ? "contrast" : tilt !== null ? "tilt" : kl ? "kl" : null);
  const streams: Further[] = [];
  const indexOf = (stream: Stream): number => {
    if (stream === "self" || (stream === "plain" && !steered)) return OWN_STREAM;
    const further = stream === "plain" ? null : stream.preset;
    if (!streams.includes(further)) streams.push(further);
    return streams.indexOf(further);
  };
  const texts: string[] = [];
  let terms: EngineDecoding["contrast"] = null;
  if (contrast !== null) {
    const { alpha, plausibility, topP, toward, against } = contrast;
    terms = { alpha, plausibility, topP, toward: indexOf(toward), against: indexOf(against) };
    if (terms.toward === terms.against)
      throw new TillerError("not-supported", `decoding.contrast: ${nameOf(toward)} and ${nameOf(against)} are the same model here`, {
        field: "decoding.contrast.against",
        suggestion: steered ? "Name two different streams." : "Add a control to the rack, or name a preset.",
      });
    texts.push(textOf(contrast));
  }
  if (tilt !== null) texts.push(tiltText(tilt));
  const plain = kl ? indexOf("plain") : null;
  if (kl) texts.push("KL to the plain model");
  const scorers = Object.keys(tilt?.weights ?? {});
  return { streams, contrast: terms, plain, best: null, tilt, scorers, text: texts.join("; ") };
}

type BestOf = NonNullable<EngineDecoding["best"]>;

function bestOf({ candidates, block, rewards, dial }: Best): BestOf {
  const shares = dial === undefined ? [] : [dial, 1 - dial];
  const weighted = Object.entries(rewards).map(([name, reward], index) => [
    name,
    { ...reward, weight: reward.weight * (shares[index] ?? 1) },
  ]);
  return { candidates, block: block ?? null, rewards: Object.fromEntries(weighted) };
}

function chosen(best: BestOf, beside: "contrast" | "tilt" | "kl" | null): Rule {
  if (beside !== null)
    throw new TillerError("not-supported", `decoding.${beside}: not beside \`best\` in this version`, {
      field: `decoding.${beside}`,
      suggestion: beside === "kl" ? "The answer's record has an upper bound of it." : "Leave one of them out.",
    });
  const { candidates, block, rewards } = best;
  const of = block === null ? "answers" : block === "sentence" ? "sentences" : `blocks of ${block} tokens`;
  const by = Object.entries(rewards).map(([name, { weight }]) => `${Math.round(weight * 1000) / 1000} × ${name}`);
  const scorers = [...new Set(Object.values(rewards).flatMap(scorerOf))];
  const judged = scorers.length === 0 || block === null ? "" : `, unfinished ones as ${scorers.join(" and ")} expects`;
  const text = `best of ${candidates} ${of} by ${by.join(" + ")}${judged}`;
  return { streams: [], contrast: null, plain: null, best, tilt: null, scorers, text };
}

/** Sequences that an answer takes at most, whatever the model and the strengths. */
export function sequencesOf({ best, contrast, kl }: Decoding = {}): number {
  if (best !== undefined) return best.candidates;
  const streams = [...(contrast === undefined ? [] : [contrast.toward, contrast.against]), ...(kl === true ? ["plain" as const] : [])];
  return 1 + new Set(streams.filter((stream) => stream !== "self").map(nameOf)).size;
}

function activeContrast(contrast: Contrast | undefined): Contrast | null {
  return contrast === undefined || contrast.alpha === 0 ? null : contrast;
}

function scorerOf({ unended }: Reward): string[] {
  return typeof unended === "object" ? [unended.scorer] : [];
}

function activeTilt(tilt: Tilt | undefined): EngineDecoding["tilt"] {
  if (tilt === undefined || tilt.strength === 0) return null;
  const weights = Object.fromEntries(Object.entries(tilt.scorers).filter(([, weight]) => weight !== 0));
  return Object.keys(weights).length === 0 ? null : { strength: tilt.strength, plausibility: tilt.plausibility, weights };
}

function tiltText({ strength, plausibility, weights }: NonNullable<EngineDecoding["tilt"]>): string {
  const by = Object.entries(weights).map(([id, weight]) => (weight === 1 ? id : `${weight} × ${id}`));
  return `tokens weighed by exp(${strength} × ${by.join(" + ")})${plausibility > 0 ? ` among those of at least ${plausibility} × the likeliest` : ""}`;
}

function textOf({ alpha, plausibility, topP, toward, against }: Contrast): string {
  const kept = [
    ...(plausibility > 0 ? [`tokens of at least ${plausibility} × the likeliest`] : []),
    ...(topP < 1 ? [`the likeliest ${topP}`] : []),
  ];
  return `contrast ${alpha} × (${nameOf(toward)} − ${nameOf(against)})${kept.length === 0 ? "" : ` among ${kept.join(" and ")}`}`;
}

function nameOf(stream: Stream): string {
  return typeof stream === "string" ? stream : `preset ${stream.preset}`;
}
