/** Measures a control: everything it rests on is loaded once, and no receipt is signed for anything else. */
import type { Lab } from "../../methods/contract.ts";
import { TillerError } from "../../protocol/errors.ts";
import { evaluate } from "./evaluate.ts";
import { type Arms, artifactHash, changedSince, held, type Identity, identityOf } from "./identity.ts";
import type { Measured } from "./params.ts";
import { planAt, type Sweep } from "./plans.ts";

/** @returns the id of the artifact that was measured; @throws TillerError conflict when it was changed meanwhile */
export async function measure(what: Measured, lab: Lab<Arms>): Promise<string> {
  const { control, rack, spec, n, seed } = what;
  const artifacts = held((id) => lab.artifact(id));
  const sweep: Sweep = { control, rack, model: lab.model, artifact: artifacts.artifact };
  // Reads every artifact that the rack leads to.
  planAt(sweep, 1);
  const judge = lab.judge(spec.judge.id);
  // One of the user's own may not answer; that is told before anything is generated.
  await judge.probe?.(lab.signal);
  const materials = lab.materials();
  const { build, model, numerics } = lab;
  const { rope } = model.facts;
  const fingerprint = rope === null ? model.fingerprint : `${model.fingerprint} ${rope} rope`;
  const identity = identityOf({
    artifacts: artifacts.all,
    control,
    rack,
    spec,
    n,
    seed,
    judge,
    materials,
    model: fingerprint,
    build,
    numerics,
  });
  const receipt = await evaluate(
    { ...what, n, preset: what.preset ?? null, sweep, created: lab.created, numerics },
    {
      judge,
      materials,
      finished: new Map(Object.entries(finishedArms(identity, lab))),
      keep: (arms) => lab.keep({ arms: Object.fromEntries(arms), identity }),
      progress: (fraction, message) => lab.progress(fraction, message),
      study: (request, onProgress) => lab.study(request, onProgress),
      signal: lab.signal,
    },
  );
  lab.signal.throwIfAborted();
  for (const [used, artifact] of artifacts.all) {
    if (artifactHash(lab.artifact(used)) === artifactHash(artifact)) continue;
    throw new TillerError("conflict", `${used} was changed while it was measured`, {
      suggestion: `Measure what it is now with \`tiller jobs retry ${lab.job}\`.`,
    });
  }
  lab.saveReceipt(receipt);
  return receipt.artifact.id;
}

/** Those of the same measurement; arms of another one are left, and that is said. */
function finishedArms(identity: Identity, lab: Lab<Arms>): Arms["arms"] {
  const { arms, identity: known } = lab.resume() ?? { arms: {}, identity: {} };
  if (Object.keys(arms).length === 0) return {};
  const changed = changedSince(known, identity);
  if (changed.length === 0) return arms;
  lab.note(`from the start again: ${changed.length > 2 ? "much" : changed.join(" and ")} changed since its first answers`);
  return {};
}
