/**
 * What the compiler hands to an engine, in two parts: the **topology** of a rack (places, directions, which arrays act where),
 * which no slider changes, and one **amount** per term, which is all that a slider changes. Arrays are called by their content,
 * so that an engine is sent each of them once; it fills its rows from what it holds (engine/steering/lower.ts). It crosses a
 * process boundary by structured clone, so it holds typed arrays and no functions.
 */
import type { DirectionOp, ElementOp, Gate, PrefixOp } from "./ops.ts";
import type { Scope } from "./preset.ts";
import type { SiteName } from "./sites.ts";

export type Numbers = Float32Array | Int32Array;
/** Content hash of an array. */
export type NumbersId = string;

interface TermBase {
  readonly site: SiteName;
  readonly layer: number;
  readonly control: string;
  readonly scope: Scope;
}

/** An ElementOp without its amount, see there. */
export interface ElementTerm extends TermBase {
  readonly kind: "element";
  readonly mode: ElementOp["mode"];
  readonly indices: NumbersId | null;
  readonly values: NumbersId;
}

/** A DirectionOp without its amount, see there. */
export interface DirectionTerm extends TermBase {
  readonly kind: "direction";
  readonly mode: DirectionOp["mode"];
  /** index into the topology's columns */
  readonly column: number;
}

/** A PrefixOp without its amount, see there. */
export interface PrefixTerm extends TermBase, Pick<PrefixOp, "kind" | "rows"> {
  readonly values: NumbersId;
  readonly start: NumbersId | null;
}

export type PlanTerm = ElementTerm | DirectionTerm | PrefixTerm;

/** A place that element-wise edits reach at some strength, and the tables that they need there. */
export interface PlanPlace {
  readonly site: SiteName;
  readonly layer: number;
  readonly width: number;
  readonly scale: boolean;
  readonly shift: boolean;
}

/** A direction that is read (v) and written along (u). */
export interface PlanColumn {
  readonly site: SiteName;
  readonly layer: number;
  /** content hash of v and u: equal ids share a native column between requests */
  readonly id: string;
  readonly v: NumbersId;
  readonly u: NumbersId;
}

export interface PlanGate extends Pick<Gate, "compare" | "threshold"> {
  readonly probe: { readonly id: string; readonly site: SiteName; readonly layer: number; readonly vector: NumbersId };
}

/**
 * Everything of a rack but where its sliders stand. `places` and `columns` are all that any strength may touch, reserved at once,
 * so that a slider leaving 0 rebuilds nothing. All gates must be open for the terms to act.
 */
export interface PlanTopology {
  /** content hash of the rest */
  readonly id: string;
  /** in the order in which they act; those of one control stand together */
  readonly terms: readonly PlanTerm[];
  readonly places: readonly PlanPlace[];
  readonly columns: readonly PlanColumn[];
  readonly gates: readonly PlanGate[];
}

export interface SteeringPlan {
  readonly topology: PlanTopology;
  /** every array that the topology names */
  readonly numbers: ReadonlyMap<NumbersId, Numbers>;
  /** of each term; NaN where its control is off */
  readonly amounts: Float64Array;
  readonly report: SteeringReport;
}

/** A plan on its way to an engine: the parts that the engine does not hold come along, once. */
export interface SentPlan {
  /** id */
  readonly topology: string;
  readonly amounts: Float64Array;
  readonly report: SteeringReport;
  /** to be kept from now on */
  readonly fresh: { readonly topology: PlanTopology; readonly numbers: readonly (readonly [NumbersId, Numbers])[] } | null;
  /** ids of topologies that will not be asked for again without coming along */
  readonly forget: readonly string[];
}

/** What steered an answer, or why it was not steered; shown on every answer. */
export interface SteeringReport {
  readonly steered: boolean;
  /** e.g. "joy 0.8 at layers 3–6; es 1" or "NOT steered: no control is above 0" */
  readonly summary: string;
  /** the rule of decoding in words, where there is one */
  readonly decoding?: string | undefined;
  /** in the order in which they are applied */
  readonly controls: {
    name: string;
    use: string;
    strength: number;
    scope: string;
    /** all settings of the control, those that were left out among them */
    settings: Record<string, unknown>;
    /** how and where, such as "at layers 3–6" */
    text: string;
    /** one entry for each site: a report goes to the engine and back with every move of a slider */
    places: { site: SiteName; layers: number[] }[];
  }[];
}
