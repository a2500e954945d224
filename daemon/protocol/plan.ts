/**
 * What the compiler hands to an engine: everything resolved to sites, layers and numbers. It crosses a process boundary by
 * structured clone, so it holds typed arrays and no functions. The engine merges the plans of all running requests into one
 * native topology; nothing here knows of profile slots.
 */
import type { ProbeSpec } from "./ops.ts";
import type { SiteName } from "./sites.ts";

/** x ← x ⊙ scale + shift, dense when `indices` is null; a null array is identity. */
export interface LoweredElement {
  readonly site: SiteName;
  readonly layer: number;
  readonly indices: Int32Array | null;
  readonly scale: Float32Array | null;
  readonly shift: Float32Array | null;
}

/** One column of a direction bank: c = vᵀx, x += u·(add + gain·c + [floor≠null]·relu(floor−c) − [ceil≠null]·relu(c−ceil)). */
export interface LoweredColumn {
  readonly site: SiteName;
  readonly layer: number;
  /** content hash of v and u: equal ids share a native column between requests */
  readonly id: string;
  readonly v: Float32Array;
  readonly u: Float32Array;
  readonly add: number;
  readonly gain: number;
  readonly floor: number | null;
  readonly ceil: number | null;
  readonly rotate: boolean;
}

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

export interface SteeringPlan {
  readonly prompt: LoweredPhase;
  readonly answer: LoweredPhase;
  readonly gates: readonly LoweredGate[];
  /** every (site, layer) that any strength of this rack may touch: reserved at once, so that a slider leaving 0 rebuilds nothing */
  readonly reserve: {
    readonly element: readonly { site: SiteName; layer: number; scale: boolean; shift: boolean }[];
    readonly columns: readonly { site: SiteName; layer: number; id: string; v: Float32Array; u: Float32Array }[];
  };
  readonly report: SteeringReport;
}

/** What steered an answer, or why it was not steered; shown on every answer. */
export interface SteeringReport {
  readonly steered: boolean;
  /** e.g. "joy 0.8 at layers 3–6; es 1" or "NOT steered: no control is above 0" */
  readonly summary: string;
  /** in the order in which they are applied */
  readonly controls: readonly {
    name: string;
    use: string;
    strength: number;
    mode: string;
    site: string;
    layers: number[];
    scope: string;
  }[];
}

export const PLAIN_FINGERPRINT = "plain";
