/** What a measurement rests on, loaded once and looked at again before a receipt is signed. */
import type { LoadedArtifact } from "../../compiler/types.ts";
import type { Lab, Materials } from "../../methods/contract.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { Judge } from "../../protocol/judge.ts";
import type { Receipt } from "../../protocol/receipt.ts";
import { artifactHash, held } from "./identity.ts";
import type { Measured } from "./params.ts";
import { planAt, type Sweep } from "./plans.ts";

export interface Measurand {
  readonly artifacts: ReadonlyMap<string, LoadedArtifact | null>;
  readonly sweep: Sweep;
  readonly judge: Judge;
  /** those that say what else changes */
  readonly judges: readonly Judge[];
  readonly materials: Materials;
}

/** @throws TillerError not-found, wrong-model, …; what a judge of the user's own says when it does not answer */
export async function loadMeasurand({ control, rack, spec }: Pick<Measured, "control" | "rack" | "spec">, lab: Lab): Promise<Measurand> {
  const artifacts = held((id) => lab.artifact(id));
  const sweep: Sweep = { control, rack, model: lab.model, artifact: artifacts.artifact };
  // Reads every artifact that the rack leads to.
  planAt(sweep, 1);
  const judge = lab.judge(spec.judge.id);
  // One of the user's own may not answer; that is told before anything is generated.
  await judge.probe?.(lab.signal);
  const judges = lab.judges([...new Set(spec.prompts.map(({ language }) => language))]);
  return { artifacts: artifacts.all, sweep, judge, judges, materials: lab.materials() };
}

/** @returns the id of the artifact that was measured; @throws TillerError conflict when one was changed meanwhile */
export function sign(receipt: Receipt, artifacts: Measurand["artifacts"], lab: Lab): string {
  lab.signal.throwIfAborted();
  for (const [used, artifact] of artifacts) {
    if (artifactHash(lab.artifact(used)) === artifactHash(artifact)) continue;
    throw new TillerError("conflict", `${used} was changed while it was measured`, {
      suggestion: `Measure what it is now with \`tiller jobs retry ${lab.job}\`.`,
    });
  }
  lab.saveReceipt(receipt);
  return receipt.artifact.id;
}
