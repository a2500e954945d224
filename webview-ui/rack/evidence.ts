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
  const { receipt } = artifact;
  return { separation, effect: receipt?.summary ?? "no evidence of its effect measured yet", measured: receipt !== null };
}

function short(value: number): string {
  return Number(value.toPrecision(3)).toString().replace("-", "−");
}
