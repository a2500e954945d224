/**
 * Composes direction ops at one site and layer into bank columns x += u·k(c), c = vᵀx.
 *
 * One constrained direction writes along itself (u = v, unit). Several at one place write along the dual basis
 * U = V(VᵀV)⁻¹, so that VᵀU = I and each lands on its own target without moving the others' readings; the basis is that of
 * all directions of the rack at that place, on or off, so that a slider leaving 0 changes no column.
 */
import { TillerError } from "../protocol/errors.ts";
import type { DirectionOp } from "../protocol/ops.ts";
import type { LoweredColumn } from "../protocol/plan.ts";
import { hashArrays } from "./hash.ts";
import { invertSymmetric } from "./linear.ts";

export type BankPlace = Pick<LoweredColumn, "site" | "layer" | "id" | "v" | "u">;

export interface BankBasis {
  /** hash of v → its write direction */
  readonly write: ReadonlyMap<string, BankPlace>;
}

const key = (op: DirectionOp): string => `${op.mode === "rotate" ? "r" : "c"}:${hashArrays(op.vector)}`;

export function buildBasis(ops: readonly DirectionOp[]): BankBasis {
  const write = new Map<string, BankPlace>();
  const constrained = new Map<string, DirectionOp>();
  for (const op of ops) {
    if (op.mode === "rotate")
      write.set(key(op), { site: op.site, layer: op.layer, v: op.vector, u: op.vector, id: `r${hashArrays(op.vector)}` });
    else constrained.set(key(op), op);
  }
  const list = [...constrained.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  const vectors = list.map(([, op]) => op.vector);
  const gram = vectors.map((a) => vectors.map((b) => dot(a, b)));
  const inverse = invertSymmetric(gram);
  if (inverse === null) {
    const names = [...new Set(list.map(([, op]) => op.control))].join(" and ");
    throw new TillerError(
      "conflict",
      `${names}: their directions at layer ${list[0]![1].layer} are nearly the same, so they cannot be held separately`,
      { suggestion: "Turn one of them off, or give them different layers." },
    );
  }
  list.forEach(([name, op], row) => {
    const n = op.vector.length;
    const u = new Float32Array(n);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < vectors.length; j++) sum += vectors[j]![i]! * inverse[j]![row]!;
      u[i] = sum;
    }
    write.set(name, { site: op.site, layer: op.layer, v: op.vector, u, id: hashArrays(op.vector, u) });
  });
  return { write };
}

/** Columns of the ops that are on. Two controls may share a direction only where their order does not matter. */
export function composeBank(ops: readonly DirectionOp[], basis: BankBasis): LoweredColumn[] {
  refuseRotationBeside(ops);
  const columns = new Map<string, { column: LoweredColumn; control: string }>();
  for (const op of ops) {
    const place = basis.write.get(key(op))!;
    const next = columnOf(op, place);
    const present = columns.get(key(op));
    columns.set(key(op), {
      column: present === undefined ? next : combine(present.column, next, present.control, op),
      control: op.control,
    });
  }
  return [...columns.values()].map(({ column }) => column);
}

/** A rotation rescales the whole vector at its place, which moves what another op there has put on its target. */
function refuseRotationBeside(ops: readonly DirectionOp[]): void {
  const rotation = ops.find((op) => op.mode === "rotate" && op.amount !== 0);
  const other = ops.find((op) => op.mode !== "rotate");
  if (rotation === undefined || other === undefined) return;
  throw new TillerError(
    "conflict",
    `${rotation.control} rotates ${rotation.site} at layer ${rotation.layer}, which would move what ${other.control} (${other.mode}) sets there`,
    { field: `controls.${rotation.control}`, suggestion: "Give them different layers, or turn one of them off." },
  );
}

function columnOf(op: DirectionOp, place: BankPlace): LoweredColumn {
  const base = { ...place, add: 0, gain: 0, floor: null, ceil: null, rotate: false };
  switch (op.mode) {
    case "scale":
      return { ...base, gain: op.amount - 1 };
    case "set":
      return { ...base, add: op.amount, gain: -1 };
    case "floor":
      return { ...base, floor: op.amount };
    case "ceil":
      return { ...base, ceil: op.amount };
    case "rotate":
      return { ...base, add: op.amount, rotate: true };
    default:
      op.mode satisfies never;
      throw new TillerError("internal", "unknown direction mode");
  }
}

function combine(a: LoweredColumn, b: LoweredColumn, first: string, op: DirectionOp): LoweredColumn {
  const conflict = (): TillerError =>
    new TillerError(
      "conflict",
      `${first} and ${op.control} both constrain the same direction at ${op.site} layer ${op.layer} in ways that cannot be combined`,
      { field: `controls.${op.control}`, suggestion: "Turn one of them off." },
    );
  if (a.rotate && b.rotate) return { ...a, add: a.add + b.add };
  const pureScale = (column: LoweredColumn): boolean => column.add === 0 && column.floor === null && column.ceil === null;
  if (pureScale(a) && pureScale(b)) return { ...a, gain: (a.gain + 1) * (b.gain + 1) - 1 };
  if (a.add !== 0 || b.add !== 0 || a.gain !== 0 || b.gain !== 0) throw conflict();
  const floor = a.floor === null ? b.floor : b.floor === null ? a.floor : Math.max(a.floor, b.floor);
  const ceil = a.ceil === null ? b.ceil : b.ceil === null ? a.ceil : Math.min(a.ceil, b.ceil);
  if (floor !== null && ceil !== null && floor > ceil) throw conflict();
  return { ...a, floor, ceil };
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
