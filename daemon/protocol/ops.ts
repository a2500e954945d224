/**
 * The intervention IR: what methods compile to, a closed union of plain objects. One op touches one site at one layer.
 * x is the site's vector at one token, n its width.
 */
import type { Scope } from "./preset.ts";
import type { SiteName } from "./sites.ts";

interface OpBase {
  readonly site: SiteName;
  readonly layer: number;
  /** name of the control that asked for it, for reports and conflicts */
  readonly control: string;
  readonly scope: Scope;
}

/** A rack's ops are on for token t+1 when the probe's reading at token t compares as stated. */
export interface Gate {
  readonly probe: ProbeSpec;
  readonly compare: ">" | ">=" | "<" | "<=";
  readonly threshold: number;
}

/** c = wᵀx of the value before any edit at that site. */
export interface ProbeSpec {
  readonly id: string;
  readonly site: SiteName;
  readonly layer: number;
  readonly vector: Float32Array;
}

/**
 * With a = amount: x ← x + a·values, x ⊙ (1 − a + a·values), or a·values; `indices` null means every element, in order.
 *
 * A method that gives the same arrays at every strength, and the strength as the amount, has sliders that move by a few
 * numbers. Arrays that change with the strength are right, too, only larger: they are sent at every move.
 */
export interface ElementOp extends OpBase {
  readonly kind: "element";
  readonly mode: "add" | "scale" | "set";
  readonly indices: Int32Array | null;
  readonly values: Float32Array;
  readonly amount: number;
}

/**
 * Along a unit direction v, with c = vᵀx: `scale` c → amount·c (0 ablates), `set` c → amount, `floor` c → max(c, amount),
 * `ceil` c → min(c, amount), `rotate` x + amount·v rescaled to ‖x‖ (norm-preserving).
 */
export interface DirectionOp extends OpBase {
  readonly kind: "direction";
  readonly mode: "scale" | "set" | "floor" | "ceil" | "rotate";
  readonly vector: Float32Array;
  readonly amount: number;
}

/**
 * Rows of a prefix that is read in front of the prompt (behind what begins every text), with a = amount: at `embd` row i is the
 * embedding (1 − a)·start_i + a·values_i in the place of a token's; elsewhere x += a·values_i at that row. `values` and `start`
 * are [rows × n], row by row.
 */
export interface PrefixOp extends OpBase {
  readonly kind: "prefix";
  readonly rows: number;
  readonly values: Float32Array;
  /** at `embd` only */
  readonly start: Float32Array | null;
  readonly amount: number;
}

export type Op = ElementOp | DirectionOp | PrefixOp;
