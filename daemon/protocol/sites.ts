/**
 * The places inside a transformer that can be read and edited, one name each, used by every layer of the program.
 *
 * Notation: d model width, f MLP width, H query heads of width dh. A gated MLP computes g = W_gate·x, u = W_up·x,
 * a = act(g), m = a ⊙ u, out = W_down·m.
 */
export const SITES = [
  "embd",
  "attn.heads",
  "attn.out",
  "attn.add",
  "mlp.gate",
  "mlp.up",
  "mlp.act",
  "mlp.mid",
  "mlp.out",
  "mlp.add",
  "resid",
  "final",
] as const;

export type SiteName = (typeof SITES)[number];

/** Which model dimension a site's vector has: `model` d, `heads` H·dh, `mlp` f. */
export type SiteWidth = "model" | "heads" | "mlp";

export interface SiteInfo {
  readonly width: SiteWidth;
  /** Sites without a layer (`embd`, `final`) are addressed as layer 0. */
  readonly perLayer: boolean;
  readonly title: string;
}

export const SITE_INFO: Readonly<Record<SiteName, SiteInfo>> = {
  embd: { width: "model", perLayer: false, title: "token embedding, before any model scale" },
  "attn.heads": { width: "heads", perLayer: true, title: "concatenated head outputs, directly before W_o" },
  "attn.out": { width: "model", perLayer: true, title: "raw W_o output" },
  "attn.add": { width: "model", perLayer: true, title: "what attention adds to the residual (after a post-norm)" },
  "mlp.gate": { width: "mlp", perLayer: true, title: "gate pre-activation g" },
  "mlp.up": { width: "mlp", perLayer: true, title: "up projection u" },
  "mlp.act": { width: "mlp", perLayer: true, title: "activation a = act(g)" },
  "mlp.mid": { width: "mlp", perLayer: true, title: "input of W_down, m = a ⊙ u" },
  "mlp.out": { width: "model", perLayer: true, title: "raw W_down output" },
  "mlp.add": { width: "model", perLayer: true, title: "what the MLP adds to the residual (after a post-norm)" },
  resid: { width: "model", perLayer: true, title: "block output (residual stream)" },
  final: { width: "model", perLayer: false, title: "LM-head input, the output of the final norm" },
};

/** One site at one layer, e.g. `mlp.mid@3`. */
export interface SiteAddress {
  readonly site: SiteName;
  readonly layer: number;
}

export function siteKey(address: SiteAddress): string {
  return `${address.site}@${address.layer}`;
}
