/** What can be done with a preset and its controls, as the editor's own commands; only for an editor that has them. */
import type { CodeLens } from "vscode-languageserver";
import type { View } from "../view.ts";

export const APPLY = "tiller.applyText";
export const COMPARE = "tiller.compareText";
export const EVALUATE = "tiller.evaluate";

export function lenses(view: View): CodeLens[] {
  const { text } = view;
  if (text.preset === null) return [];
  const { uri } = text.document;
  const top = text.range([0, 0]);
  const whole = [
    { range: top, command: { title: "$(play) Apply", command: APPLY, arguments: [{ uri }] } },
    { range: top, command: { title: "$(split-horizontal) A/B", command: COMPARE, arguments: [{ uri }] } },
  ];
  const each = view.controls.flatMap(({ name, artifact, measured, receipt }) => {
    const key = text.spot(["controls", name])?.key ?? null;
    if (key === null || artifact === undefined) return [];
    const title = measured && receipt !== null ? `$(beaker) Measured: ${receipt.verdict}. Evaluate again` : "$(beaker) Evaluate";
    return [{ range: text.range(key), command: { title, command: EVALUATE, arguments: [{ uri, control: name }] } }];
  });
  return [...whole, ...each];
}
