/** Under a slider: how far its evidence goes, the receipt in one line, and the chart when it is asked for. */
import type { Artifact } from "../../daemon/protocol/artifact.ts";
import type { Control, Scope } from "../../daemon/protocol/preset.ts";
import type { Receipt } from "../../daemon/protocol/receipt.ts";
import { EvidenceChart } from "./chart.tsx";
import { beyondEvidence, measuredOtherwise, rangeOnSlider } from "./fit.ts";
import { EvidenceTable, figure } from "./table.tsx";

interface Props {
  readonly id: string;
  readonly artifact: Artifact;
  readonly control: Control;
  readonly scope: Scope | null;
  readonly range: readonly [number, number];
  /** a strength's place along the slider, 0 to 1 */
  readonly at: (strength: number) => number;
}

/** The measured part of the slider's way, with a mark at each end that lies on it. */
export function EvidenceMark({ artifact: { receipt }, range, at }: Pick<Props, "artifact" | "range" | "at">) {
  const shown = receipt === null ? null : rangeOnSlider(receipt, range);
  if (receipt === null || shown === null) return null;
  const style = { "--from": at(shown.low), "--to": at(shown.high) };
  const ends = [shown.low > range[0] ? "low" : "", shown.high < range[1] ? "high" : ""].filter(Boolean).join(" ");
  return <div class="evidence-mark" data-ends={ends} data-verdict={receipt.verdict} style={style} aria-hidden="true" />;
}

export function Evidence({ id, artifact, control, scope }: Pick<Props, "id" | "artifact" | "control" | "scope">) {
  const { receipt } = artifact;
  if (receipt === null) return null;
  const other = measuredOtherwise(receipt, control, scope, artifact.layers);
  return (
    <>
      <span id={`${id}-evidence`}>
        {other !== null && <span class="evidence-note">{other}. </span>}
        {beyondEvidence(receipt, control.strength) && <span class="evidence-note">This strength lies beyond the evidence. </span>}
        <span data-measured="" data-verdict={receipt.verdict}>
          {receipt.summary}
        </span>
      </span>
      <details class="evidence-details">
        <summary>Evidence</summary>
        <EvidenceChart receipt={receipt} id={id} />
        <ul class="evidence-key" aria-hidden="true">
          <li data-line="effect">control</li>
          <li data-line="random">random directions</li>
          <li data-line="prompt">prompt alone</li>
          <li data-line="usable">usable</li>
        </ul>
        <p>{detailsOf(receipt)}</p>
        <EvidenceTable receipt={receipt} />
      </details>
    </>
  );
}

function detailsOf({ judge, prompts, seeds, draws, bounds, plain, calibration }: Receipt): string {
  const { bitsPerByte, repetition } = bounds;
  const ends = calibration === null ? [] : [calibration.low, calibration.high].filter((end) => end !== null && end !== 0);
  return [
    `Judge: ${judge.title} ${judge.version}; without steering ${figure(plain.score)}.`,
    `${prompts} prompts × ${seeds} seeds, ${draws} random directions, bands 95 %.`,
    `Usable: at most +${bitsPerByte} bits per byte and +${repetition} repetition.`,
    ...(ends.length === 0 ? [] : [`Calibrated: within these bounds to ${ends.map((end) => figure(end!)).join(" and ")}.`]),
  ].join(" ");
}
