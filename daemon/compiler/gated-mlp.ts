/** Whether a model's neurons have gates of their own, which methods about single neurons need. */
import type { EngineSite } from "../protocol/engine-api.ts";

/** Why not: it has experts, or an MLP without a gate. Layers without an MLP have no neurons to speak of. null: they have. */
export function gateProblem(sites: readonly EngineSite[]): string | null {
  const gates = sites.filter(({ site }) => site === "mlp.gate");
  const without = gates.find(({ live, width }) => !live && width > 0);
  if (without !== undefined) return `layer ${without.layer}: ${without.reason ?? "its MLP has no gate"}`;
  return gates.some(({ live }) => live) ? null : "it has no gated MLP";
}
