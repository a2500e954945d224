/** The line under a slider: what is known about the artifact behind it, and what is not. */
import type { ArtifactEntry } from "../../daemon/protocol/api/library.ts";
import type { Receipt } from "../../daemon/protocol/receipt.ts";

export interface Evidence {
  /** how well the experiment did that found it, in its own figures */
  readonly quality: string | null;
  /** what it does to answers, measured; or that nobody measured it */
  readonly effect: string;
  readonly measured: boolean;
}

export function evidenceOf(
  artifact: Pick<ArtifactEntry, "quality" | "problem"> | undefined,
  receipt: Receipt | null,
  use: string,
): Evidence {
  if (artifact === undefined) return { quality: null, effect: `${use} is not in the store`, measured: false };
  if (artifact.problem !== null) return { quality: artifact.quality, effect: artifact.problem, measured: false };
  return { quality: artifact.quality, effect: receipt?.summary ?? "no evidence of its effect measured yet", measured: receipt !== null };
}
