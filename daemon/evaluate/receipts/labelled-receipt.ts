/** The receipt that labels are for, and the prompts that its figures come from: labels of other prompts would correct another effect. */
import type { Library } from "../../methods/contract.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { Prompt } from "../../protocol/evaluation.ts";
import type { Receipt } from "../../protocol/receipt.ts";
import { sha256 } from "./materials.ts";

/** @throws TillerError not-found; not-supported where it cannot be checked by yes or no */
export function labelledReceipt(
  { artifact, receipt: hash }: { readonly artifact: string; readonly receipt?: string | undefined },
  library: Library,
): Receipt {
  const receipts = library.receipts(artifact);
  const fits = (one: Receipt): boolean => one.judge.choice.label !== undefined && one.best !== null && one.statistics > 1;
  const found = hash === undefined ? receipts.find(fits) : receipts.find((one) => one.hash === hash);
  if (found === undefined)
    throw new TillerError("not-found", `there is no receipt of ${artifact} that can be labelled`, {
      field: hash === undefined ? "artifact" : "receipt",
      suggestion: `Measure it first: tiller evaluate ${artifact} --quick --judge emotion/joy --asked "Answer joyfully."`,
    });
  if (fits(found)) return found;
  throw new TillerError(
    "not-supported",
    "labels go with a receipt whose judge decides for a label, with a usable strength, as they are reckoned now",
    {
      field: "receipt",
    },
  );
}

/** Those of the evaluation that the receipt names by its hash, else those that come with Tiller. */
export function promptsOf({ preset, artifact, spec }: Receipt, library: Library): readonly Prompt[] {
  const kept = library.evaluation(preset === null ? { artifact: artifact.id } : { preset });
  return kept !== null && sha256(kept) === spec ? kept.prompts : library.prompts();
}
