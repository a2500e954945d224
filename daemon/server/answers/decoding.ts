/** A rule of decoding for the engine that will apply it, and what is said of it. */
import type { Rule } from "../../compiler/decoding.ts";
import type { CompleteParams } from "../../protocol/api/generate.ts";
import type { Decoding } from "../../protocol/decoding.ts";
import type { EngineDecoding, EngineScorer } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { SteeringPlan, SteeringReport } from "../../protocol/plan.ts";
import type { Sampling } from "../../protocol/preset.ts";
import type { LoadedEngine } from "../engines/slot.ts";

/** What a rule names, as the engine needs it. */
interface Named {
  /** the plan of a preset */
  stream(id: string): SteeringPlan;
  scorer(id: string): EngineScorer;
}

/** @throws TillerError where this engine cannot decode so, or something that the rule names does not exist or fit */
export function engineDecoding(rule: Rule | null, { info }: LoadedEngine, named: Named): EngineDecoding | null {
  if (rule === null) return null;
  const sequences = rule.best?.candidates ?? 1 + rule.streams.length;
  if (sequences > 1 && info.numerics.exact)
    throw refused("a model that is loaded with `exact` computes one sequence at a time", "Load it without `exact`.");
  if (sequences > info.sequences)
    throw refused(
      `it needs ${sequences} sequences, the model was loaded for ${info.sequences}`,
      `Load the model with sequences: ${sequences} or more.`,
    );
  return {
    ...rule,
    streams: rule.streams.map((id) => ({ plan: id === null ? null : named.stream(id) })),
    scorers: Object.fromEntries(rule.scorers.map((id) => [id, named.scorer(id)])),
  };
}

type Asked = Pick<CompleteParams, "forced" | "echo" | "logits" | "probes">;

/** @param sampling the request's over the preset's @throws TillerError where what else is asked for leaves the rule nothing to do */
export function checkAsked(decoding: EngineDecoding | null, asked: Asked, sampling: Sampling): void {
  if (decoding === null) return;
  const chooses = decoding.contrast !== null || decoding.best !== null || decoding.tilt !== null;
  if (asked.forced !== undefined && chooses) throw refused("`forced` tokens are not chosen", "Leave one of them out.");
  if (decoding.best !== null) {
    const part = asked.logits === true ? "logits" : (asked.probes?.length ?? 0) > 0 ? "probes" : null;
    if (part !== null) throw refused(`\`${part}\` are not read of candidates in this version`, `Leave \`best\` or \`${part}\` out.`);
    if (decoding.best.candidates > 1 && sampling.temperature === 0)
      throw refused("at temperature 0 all candidates are the same", "Choose a temperature above 0, or 1 candidate.");
    if ((sampling.mirostat ?? 0) !== 0) throw refused("mirostat's state cannot be forked", "Choose another sampler.");
  }
  if (asked.echo === true)
    throw refused("with `echo` the prompt is read as an answer, which a rule does not follow", "Leave one of them out.");
}

export function withDecoding(report: SteeringReport, asked: Decoding | undefined, decoding: EngineDecoding | null): SteeringReport {
  if (asked === undefined) return report;
  if (decoding === null) return { ...report, decoding: "off" };
  const text = decoding.text;
  if (report.steered) return { ...report, summary: `${report.summary}; decoding: ${text}`, decoding: text };
  if (decoding.contrast === null && decoding.best === null && decoding.tilt === null) return { ...report, decoding: text };
  return { ...report, steered: true, summary: `steered: decoding: ${text}`, decoding: text };
}

function refused(why: string, suggestion: string): TillerError {
  return new TillerError("not-supported", `decoding: ${why}`, { field: "decoding", suggestion });
}
