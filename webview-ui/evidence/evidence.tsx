/** Under a slider: how far its evidence goes, the receipt in one line, and the chart when it is asked for. */
import type { Acting } from "../../daemon/protocol/evidence.ts";
import type { Receipt } from "../../daemon/protocol/receipt.ts";
import { besideLines, humanLine } from "../../daemon/protocol/receipt-lines.ts";
import { EvidenceChart } from "./chart.tsx";
import { figure, measuredOtherwise, noteAt, rangeOnSlider, readingText, towardsZero } from "./fit.ts";
import { EvidenceTable } from "./table.tsx";

interface Props {
  readonly id: string;
  /** of these settings, or of others, which is said then */
  readonly receipt: Receipt;
  readonly acting: Acting;
  readonly strength: number;
  readonly range: readonly [number, number];
  /** a strength's place along the slider, 0 to 1 */
  readonly at: (strength: number) => number;
}

/** The part of the slider's way that evidence speaks of, with a mark at each end that lies on it; hollow where other settings were measured. */
export function EvidenceMark({ receipt, acting, range, at }: Pick<Props, "receipt" | "acting" | "range" | "at">) {
  const shown = rangeOnSlider(receipt, range);
  if (shown === null) return null;
  const style = { "--from": at(shown.low), "--to": at(shown.high) };
  const ends = [shown.low > range[0] ? "low" : "", shown.high < range[1] ? "high" : ""].filter(Boolean).join(" ");
  const other = measuredOtherwise(receipt, acting) !== null;
  return (
    <div
      class="evidence-mark"
      data-ends={ends}
      data-verdict={receipt.verdict}
      data-other={other ? "" : undefined}
      style={style}
      aria-hidden="true"
    />
  );
}

export function Evidence({ id, receipt, acting, strength }: Pick<Props, "id" | "receipt" | "acting" | "strength">) {
  const other = measuredOtherwise(receipt, acting);
  const note = other ?? noteAt(receipt, strength);
  const reading = other === null ? readingText(receipt, strength) : null;
  return (
    <>
      <span id={`${id}-evidence`}>
        {note !== null && <span class="evidence-note">{note}. </span>}
        {reading !== null && <span class="evidence-reading">{reading}. </span>}
        <span data-measured="" data-verdict={receipt.verdict} data-other={other === null ? undefined : ""}>
          {receipt.summary}
        </span>
      </span>
      <details class="evidence-details">
        <summary>Evidence</summary>
        <EvidenceChart receipt={receipt} strength={strength} id={id} />
        <ul class="evidence-key" aria-hidden="true">
          {KEY.map(([line, text]) => (
            <li key={line} data-line={line}>
              {text}
            </li>
          ))}
        </ul>
        {[...besideLines(receipt), humanLine(receipt)].map((line) => (
          <p key={line} class="evidence-beside">
            {line}
          </p>
        ))}
        <p>{detailsOf(receipt)}</p>
        <EvidenceTable receipt={receipt} />
      </details>
    </>
  );
}

const KEY = [
  ["effect", "control, 95 %"],
  ["random", "random directions"],
  ["prompt", "prompt alone"],
  ["damage", "damage"],
  ["bound", "its bound"],
  ["over", "over a bound"],
  ["usable", "within the bounds"],
  ["thumb", "slider"],
] as const;

function detailsOf(receipt: Receipt): string {
  const { judge, title, prompts, seeds, draws, sampling, bounds, plain, calibration, unjudged, statistics, quick } = receipt;
  const { label, value } = judge.choice;
  const ends = calibration === null ? [] : [calibration.low, calibration.high].filter((end) => end !== null && end !== 0);
  const { temperature, maxTokens } = sampling;
  return [
    `${title}: ${label === undefined ? `“${value}” as the judge ${judge.title} gives it` : `share of answers that the judge ${judge.title} calls “${label}”`} (version ${judge.version}); without steering ${figure(plain.score)}.`,
    `${prompts} prompts × ${seeds} seeds${temperature === undefined ? "" : ` at temperature ${temperature}`}${maxTokens === undefined ? "" : `, up to ${maxTokens} tokens`}, against ${draws} random directions, bands 95 %; measured alone, without other sliders.`,
    `Bounds: at most +${bounds.bitsPerByte} bits per byte of held-out text, +${bounds.fluency} of the answers themselves as the plain model reads them, and +${bounds.repetition} repeated 4-grams.`,
    ...(quick === null
      ? []
      : [`A quick verdict, after look ${quick.look} of ${quick.looks}: bands at its strength are as wide as looking early asks for.`]),
    ...(statistics === 1
      ? ["Reckoned as earlier versions did: measure it again for intervals and a verdict as they are reckoned now."]
      : []),
    ...(unjudged.length === 0 ? [] : [`At ${unjudged.map(figure).join(", ")} too few answers could be judged.`]),
    ...(ends.length === 0
      ? []
      : [
          `Calibrated: within these bounds to ${ends.map((end) => towardsZero(end!)).join(" and ")}${calibration!.open.length > 0 ? ", or farther" : ""}.`,
        ]),
  ].join(" ");
}
