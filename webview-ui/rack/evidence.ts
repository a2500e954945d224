/** The line under a slider: what is known about the artifact behind it, and what is not. */
import type { Artifact } from "../../daemon/protocol/artifact.ts";

export interface Evidence {
  /** how well the direction separates held-out examples */
  readonly separation: string | null;
  /** what it does to answers, measured; or that nobody measured it */
  readonly effect: string;
  readonly measured: boolean;
}

export function evidenceOf(artifact: Artifact | undefined, use: string): Evidence {
  if (artifact === undefined) return { separation: null, effect: `${use} is not in the store`, measured: false };
  const quality = artifact.quality.find(({ layer }) => layer === artifact.probeLayer);
  const separation =
    quality === undefined
      ? null
      : `AUROC ${quality.auroc.toFixed(2)} on ${artifact.provenance.heldOut} held-out pairs at layer ${quality.layer}, gap ${short(quality.gap)}`;
  const receipt = artifact.receipt === null ? "" : receiptText(artifact.receipt);
  return { separation, effect: receipt === "" ? "no evidence of its effect measured yet" : receipt, measured: receipt !== "" };
}

/** Receipts are open records: every plain value is shown by its name, lists and parts are left to the experiment's own view. */
function receiptText(receipt: Readonly<Record<string, unknown>>): string {
  return Object.entries(receipt)
    .flatMap(([key, value]) => {
      if (typeof value === "number") return [`${key} ${short(value)}`];
      return typeof value === "string" && value !== "" ? [`${key} ${value}`] : [];
    })
    .join(", ");
}

function short(value: number): string {
  return Number(value.toPrecision(3)).toString().replace("-", "−");
}
