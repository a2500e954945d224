/** What a screen reader says of a slider at every step: the strength, and whether its evidence goes that far. */
import type { Receipt } from "../../daemon/protocol/receipt.ts";
import { formatStrength } from "./range.ts";

export function spokenStrength(strength: number, enabled: boolean, receipt: Pick<Receipt, "usable"> | null): string {
  if (!enabled) return "off";
  const beyond = receipt !== null && (strength < receipt.usable.low || strength > receipt.usable.high);
  return `${formatStrength(strength)}${beyond ? ", beyond the evidence" : ""}`;
}
