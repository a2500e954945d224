/** Strengths beyond what was measured to work. */
import { formatStrength } from "../describe/figures.ts";
import { evidenceOf, type View } from "../view.ts";
import { type Finding, fixes } from "./finding.ts";

export function evidenceFindings(view: View): Finding[] {
  return view.controls.flatMap((one): Finding[] => {
    const evidence = evidenceOf(one);
    const { strength } = one.control;
    if (evidence === null || (strength >= evidence.low && strength <= evidence.high)) return [];
    const path = ["controls", one.name, "strength"];
    const near = strength > evidence.high ? evidence.high : evidence.low;
    const none = evidence.low === 0 && evidence.high === 0;
    const best = one.receipt!.best;
    return [
      {
        path,
        code: "beyond-evidence",
        severity: "warning",
        message: none
          ? `no strength of '${one.name}' was measured to work: ${one.receipt!.summary}`
          : `the evidence for '${one.name}' goes from ${formatStrength(evidence.low)} to ${formatStrength(evidence.high)}; at ${formatStrength(strength)} it was not measured to work, or does damage`,
        fixes: fixes(
          [none ? "Turn it off" : `Change to ${near}, where the evidence ends`, view.text.set(path, near), true],
          [`Change to ${best}, the strongest effect that was measured`, best === null || best === near ? null : view.text.set(path, best)],
        ),
      },
    ];
  });
}
