/** A plan as rows of the native tables will hold it. Nothing here knows of profile slots. */
import type { ProbeSpec } from "../../protocol/ops.ts";
import type { SteeringReport } from "../../protocol/plan.ts";
import type { ColumnParams } from "../../protocol/rules/columns.ts";
import type { SiteName } from "../../protocol/sites.ts";

/** x ← x ⊙ scale + shift, dense when `indices` is null; a null array is identity. */
export interface LoweredElement {
  readonly site: SiteName;
  readonly layer: number;
  readonly indices: Int32Array | null;
  readonly scale: Float32Array | null;
  readonly shift: Float32Array | null;
}

export interface ColumnPlace {
  readonly site: SiteName;
  readonly layer: number;
  /** content hash of v and u: equal ids share a native column between requests */
  readonly id: string;
  readonly v: Float32Array;
  readonly u: Float32Array;
}

/** One column of a direction bank: c = vᵀx, x += u·(add + gain·c + [floor≠null]·relu(floor−c) − [ceil≠null]·relu(c−ceil)). */
export interface LoweredColumn extends ColumnPlace, ColumnParams {}

export interface LoweredEdits {
  readonly element: readonly LoweredElement[];
  readonly columns: readonly LoweredColumn[];
  /** equal fingerprints mean equal edits: the KV prefix of one may serve the other */
  readonly fingerprint: string;
}

/** A gate's state is a bit; variant i of a phase is the edits under the gates' states in i's binary digits. */
export interface LoweredPhase {
  readonly variants: readonly LoweredEdits[];
}

export interface LoweredGate {
  readonly probe: ProbeSpec;
  readonly compare: ">" | ">=" | "<" | "<=";
  readonly threshold: number;
}

export interface ElementPlace {
  readonly site: SiteName;
  readonly layer: number;
  readonly scale: boolean;
  readonly shift: boolean;
}

export interface LoweredPlan {
  readonly prompt: LoweredPhase;
  /** of the prompt's last position, from which the first token of the answer is written */
  readonly last: LoweredPhase;
  readonly answer: LoweredPhase;
  /** of each row of the prefix that is read in front of the prompt: the prompt's own edits with the row's */
  readonly prefix: readonly LoweredEdits[];
  readonly gates: readonly LoweredGate[];
  /** every (site, layer) that any strength of this rack may touch: reserved at once, so that a slider leaving 0 rebuilds nothing */
  readonly reserve: { readonly element: readonly ElementPlace[]; readonly columns: readonly ColumnPlace[] };
  readonly report: SteeringReport;
}

/** From a position on, everything was computed under these edits. */
export interface Mark {
  readonly from: number;
  readonly fingerprint: string;
}

/**
 * Under which edits a prompt is read, by position; of several marks at one position the last holds.
 * @param at of the prefix's first row @param length of the prompt
 */
export function promptMarks(plan: LoweredPlan | null, at: number, length: number): Mark[] {
  const fingerprint = plan?.prompt.variants[0]?.fingerprint ?? PLAIN_FINGERPRINT;
  const rows = plan?.prefix ?? [];
  const marks = [{ from: 0, fingerprint }, ...rows.map((row, i) => ({ from: at + i, fingerprint: row.fingerprint }))];
  if (rows.length > 0) marks.push({ from: at + rows.length, fingerprint });
  const last = plan?.last.variants[0]?.fingerprint ?? PLAIN_FINGERPRINT;
  return last === fingerprint ? marks : [...marks, { from: length - 1, fingerprint: last }];
}

export const PLAIN_FINGERPRINT = "plain";
export const PLAIN_EDITS: LoweredEdits = { element: [], columns: [], fingerprint: PLAIN_FINGERPRINT };
