/** What a screen reader says of a slider at every step: the strength, and whether its evidence goes that far. */
import type { Receipt } from "../../daemon/protocol/receipt.ts";
import { noteAt } from "../evidence/fit.ts";
import { formatStrength } from "./range.ts";

export function spokenStrength(strength: number, enabled: boolean, receipt: Receipt | null): string {
  if (!enabled) return "off";
  const beyond = receipt !== null && strength !== 0 && noteAt(receipt, strength) !== null;
  return `${formatStrength(strength)}${beyond ? ", beyond the evidence" : ""}`;
}
