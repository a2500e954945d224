/** Strengths that were set beyond those that a receipt speaks for, said where they are set. */
import type { TillerClient } from "../../client/client.ts";
import { evidenceRange, isMeasured } from "../../protocol/evidence.ts";
import type { SteeringReport } from "../../protocol/plan.ts";
import type { Receipt } from "../../protocol/receipt.ts";

type Control = SteeringReport["controls"][number];

/** null: within the evidence, or the receipt is of other settings or shows no evidence to go beyond. */
export function beyondEvidence(control: Control, receipt: Receipt): string | null {
  const { name, strength } = control;
  if (receipt.verdict !== "works" || !isMeasured(receipt, control)) return null;
  const { low, high } = evidenceRange(receipt);
  if (strength >= low && strength <= high) return null;
  return `${name} ${strength}: beyond the evidence (${strength < low ? low : high})`;
}

export async function notesBeyond(client: TillerClient, controls: readonly Control[]): Promise<string[]> {
  const notes = await Promise.all(
    controls.map(async (control) => {
      const { receipts } = await client.call("artifact.get", { id: control.use });
      const measured = receipts.find((receipt) => isMeasured(receipt, control));
      return measured === undefined ? null : beyondEvidence(control, measured);
    }),
  );
  return notes.filter((note) => note !== null);
}
