/** Captures and edits of a reference pass: what was asked for, looked up by site and layer. */
import { SITE_INFO, SITES, type SiteAddress, type SiteName, siteKey } from "../../../daemon/protocol/sites.ts";

/** Runs on the vector at `site` of every token whose position is wanted (all of them without `positions`), in place. */
export interface ReferenceEdit extends SiteAddress {
  readonly positions?: (position: number) => boolean;
  readonly apply: (x: Float64Array, position: number) => void;
}

export interface ForwardOptions {
  /** in this order where several meet at one site */
  readonly edits?: readonly ReferenceEdit[];
  readonly capture?: readonly SiteAddress[];
}

export class SiteTable {
  /** `${site}@${layer}` → one vector per token, as it was before the edits at that site */
  readonly captured = new Map<string, Float64Array[]>();
  readonly #edits = new Map<string, ReferenceEdit[]>();

  constructor({ edits = [], capture = [] }: ForwardOptions, layers: number) {
    for (const address of [...edits, ...capture]) check(address, layers);
    for (const edit of edits) this.#edits.set(siteKey(edit), [...(this.#edits.get(siteKey(edit)) ?? []), edit]);
    for (const address of capture) this.captured.set(siteKey(address), []);
  }

  /** Captures the vectors of all tokens at a site, then edits them in place; gives them back. */
  visit(site: SiteName, layer: number, xs: Float64Array[]): Float64Array[] {
    const key = siteKey({ site, layer });
    if (this.captured.has(key))
      this.captured.set(
        key,
        xs.map((x) => x.slice()),
      );
    for (const edit of this.#edits.get(key) ?? [])
      for (const [position, x] of xs.entries()) if (edit.positions?.(position) ?? true) edit.apply(x, position);
    return xs;
  }
}

function check({ site, layer }: SiteAddress, layers: number): void {
  if (!SITES.includes(site)) throw new RangeError(`there is no site '${site}'`);
  const last = SITE_INFO[site].perLayer ? layers - 1 : 0;
  if (!Number.isInteger(layer) || layer < 0 || layer > last) throw new RangeError(`${site} has layers 0 to ${last}, not ${layer}`);
}
