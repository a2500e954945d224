/** Measures a control over its strengths, arm by arm, so that an interrupted measurement goes on. */
import type { Lab } from "../../methods/contract.ts";
import { evaluate } from "./evaluate.ts";
import { type Arms, changedSince, type Identity, identityOf } from "./identity.ts";
import { loadMeasurand, sign } from "./measurand.ts";
import type { Measured } from "./params.ts";

/** @returns the id of the artifact that was measured; @throws TillerError conflict when it was changed meanwhile */
export async function measure(what: Measured, lab: Lab<Arms>): Promise<string> {
  const { control, rack, spec, n, seed } = what;
  const { artifacts, sweep, judge, judges, materials } = await loadMeasurand(what, lab);
  const { build, model, numerics } = lab;
  const { rope } = model.facts;
  const fingerprint = rope === null ? model.fingerprint : `${model.fingerprint} ${rope} rope`;
  const of = { artifacts, control, rack, spec, n, seed, judge, judges, materials, model: fingerprint, build, numerics };
  const identity = identityOf(of);
  const receipt = await evaluate(
    { ...what, n, preset: what.preset ?? null, sweep, created: lab.created, numerics },
    {
      judge,
      judges,
      materials,
      finished: new Map(Object.entries(finishedArms(identity, lab))),
      keep: (arms) => lab.keep({ arms: Object.fromEntries(arms), identity }),
      progress: (fraction, message) => lab.progress(fraction, message),
      study: (request, onProgress) => lab.study(request, onProgress),
      signal: lab.signal,
    },
  );
  return sign(receipt, artifacts, lab);
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
