/** A rule of decoding as an engine needs it: which further streams, what each is for, and the rule in words. Pure. */
import type { Best, Contrast, Decoding, Stream } from "../protocol/decoding.ts";
import { type EngineDecoding, OWN_STREAM } from "../protocol/engine-api.ts";
import { TillerError } from "../protocol/errors.ts";

/** null: the plain model; else a preset's id */
export type Further = string | null;

export interface Rule extends Omit<EngineDecoding, "streams"> {
  readonly streams: readonly Further[];
}

/**
 * @param steered whether the answer itself has controls, at whatever strength: without them the plain model is the answer's own stream
 * @returns null where nothing is asked for, or nothing that would change or tell anything
 */
export function ruleOf(decoding: Decoding | undefined, steered: boolean): Rule | null {
  const contrast = activeContrast(decoding?.contrast);
  const kl = decoding?.kl === true;
  const best = decoding?.best === undefined ? null : bestOf(decoding.best);
  if (contrast === null && !kl && best === null) return null;
  if (best !== null) return chosen(best, contrast !== null ? "contrast" : kl ? "kl" : null);
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
  const plain = kl ? indexOf("plain") : null;
  if (kl) texts.push("KL to the plain model");
  return { streams, contrast: terms, plain, best: null, text: texts.join("; ") };
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

function chosen(best: BestOf, beside: "contrast" | "kl" | null): Rule {
  if (beside !== null)
    throw new TillerError("not-supported", `decoding.${beside}: not beside \`best\` in this version`, {
      field: `decoding.${beside}`,
      suggestion: beside === "kl" ? "The answer's record has an upper bound of it." : "Leave one of them out.",
    });
  const { candidates, block, rewards } = best;
  const of = block === null ? "answers" : block === "sentence" ? "sentences" : `blocks of ${block} tokens`;
  const by = Object.entries(rewards).map(([name, { weight }]) => `${Math.round(weight * 1000) / 1000} × ${name}`);
  return { streams: [], contrast: null, plain: null, best, text: `best of ${candidates} ${of} by ${by.join(" + ")}` };
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
