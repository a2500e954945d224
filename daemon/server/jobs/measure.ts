/** The part of a job that measures: everything it rests on is loaded once, and no receipt is signed for anything else. */
import { type Evaluation, evaluate } from "../../evaluate/receipts/evaluate.ts";
import { planAt, type Sweep } from "../../evaluate/receipts/plans.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { EvaluationSpec } from "../../protocol/evaluation.ts";
import type { StoredJob } from "../../store/jobs.ts";
import { compileModel } from "../answers/steering.ts";
import type { Work, WorkDeps } from "./deps.ts";
import { artifactHash, changedSince, held, identityOf, keepPart, type Part, PartSchema } from "./part.ts";
import type { Swept } from "./receipt-subject.ts";

export interface Measured extends Pick<Evaluation, "n" | "seed" | "calibrate" | "preset">, Swept {
  readonly spec: EvaluationSpec;
}

/** @returns the id of the artifact that was measured; @throws TillerError conflict when it was changed meanwhile */
export async function measure(
  { id, created }: StoredJob["job"],
  what: Measured,
  work: Work,
  deps: WorkDeps,
  made: Pick<Part, "made"> = {},
): Promise<string> {
  const { control, rack, spec, n, seed } = what;
  const artifacts = held(deps.artifact);
  const sweep: Sweep = { control, rack, model: compileModel(work.engine), artifact: artifacts.artifact };
  // Reads every artifact that the rack leads to.
  planAt(sweep, 1);
  const judge = deps.judge(spec.judge.id);
  // One of the user's own may not answer; that is told before anything is generated.
  await judge.probe?.(work.signal);
  const materials = deps.materials();
  const { model, info } = work.engine;
  const fingerprint = info.facts.rope === null ? model.fingerprint : `${model.fingerprint} ${info.facts.rope} rope`;
  const identity = identityOf({ artifacts: artifacts.all, control, rack, spec, n, seed, judge, materials, model: fingerprint });
  const receipt = await evaluate(
    { ...what, sweep, created },
    {
      judge,
      materials,
      finished: new Map(Object.entries(finishedArms(id, identity, work, deps))),
      keep: (arms) => keepPart(id, { arms: Object.fromEntries(arms), identity, ...made }, deps),
      progress: work.progress,
      study: work.study,
      signal: work.signal,
    },
  );
  work.signal.throwIfAborted();
  for (const [used, artifact] of artifacts.all) {
    if (artifactHash(deps.artifact(used)) === artifactHash(artifact)) continue;
    throw new TillerError("conflict", `${used} was changed while it was measured`, {
      suggestion: `Measure what it is now with \`tiller jobs retry ${id}\`.`,
    });
  }
  deps.saveReceipt(receipt);
  return receipt.artifact.id;
}

/** Those of the same measurement; arms of another one are left, and that is said. */
function finishedArms(id: string, identity: NonNullable<Part["identity"]>, { note }: Work, { store }: WorkDeps): Part["arms"] {
  const { arms = {}, identity: known = {} } = store.loadPart(id, PartSchema) ?? {};
  if (Object.keys(arms).length === 0) return {};
  const changed = changedSince(known, identity);
  if (changed.length === 0) return arms;
  note(`from the start again: ${changed.length > 2 ? "much" : changed.join(" and ")} changed since its first answers`);
  return {};
}
