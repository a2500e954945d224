/** The measured effect behind each strength. */
import { type InlayHint, MarkupKind } from "vscode-languageserver";
import { readingAt } from "../../daemon/protocol/evidence.ts";
import { formatStrength, signed } from "../describe/figures.ts";
import { type ControlView, evidenceOf, type View } from "../view.ts";
import { strengthText } from "./hover.ts";

export function hints(view: View): InlayHint[] {
  return view.controls.flatMap((control) => {
    const value = view.text.spot(["controls", control.name, "strength"])?.value ?? null;
    const label = value === null ? null : labelOf(control);
    if (value === null || label === null) return [];
    return [
      {
        position: view.text.document.positionAt(value[1]),
        label,
        paddingLeft: true,
        tooltip: { kind: MarkupKind.Markdown, value: strengthText(control) },
      },
    ];
  });
}

/** null: nothing was measured with these settings, or the control is off */
function labelOf(control: ControlView): string | null {
  const { receipt, control: written } = control;
  const evidence = evidenceOf(control);
  if (receipt === null || evidence === null || written.strength === 0) return null;
  const reading = readingAt(receipt, written.strength);
  if (written.strength < evidence.low || written.strength > evidence.high)
    return evidence.low === evidence.high
      ? "no effect shown"
      : `beyond the evidence (${formatStrength(evidence.low)} to ${formatStrength(evidence.high)})`;
  return reading === null ? null : `${receipt.title} ${signed(reading.effect)}`;
}
