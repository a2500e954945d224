/**
 * The columns that the directions of a rack need at one place: x += u·k(c), c = vᵀx.
 *
 * One constrained direction writes along itself (u = v, unit). Several at one place write along the dual basis
 * U = V(VᵀV)⁻¹, so that VᵀU = I and each lands on its own target without moving the others' readings; the basis is that of
 * all directions of the rack at that place, on or off, so that a slider leaving 0 changes no column.
 */
import { TillerError } from "../protocol/errors.ts";
import type { DirectionOp } from "../protocol/ops.ts";
import { hashArrays, numbersId } from "./hash.ts";
import { invertSymmetric } from "./linear.ts";

export interface Column {
  readonly id: string;
  readonly v: Float32Array;
  readonly u: Float32Array;
}

/** Rotations of a direction have a column of their own. */
export function columnKey(op: DirectionOp): string {
  return `${op.mode === "rotate" ? "r" : "c"}:${numbersId(op.vector)}`;
}

/** @param ops all of one place @returns by columnKey */
export function columnsOf(ops: readonly DirectionOp[]): Map<string, Column> {
  const columns = new Map<string, Column>();
  const constrained = new Map<string, DirectionOp>();
  for (const op of ops) {
    if (op.mode === "rotate") columns.set(columnKey(op), { v: op.vector, u: op.vector, id: `r${numbersId(op.vector)}` });
    else constrained.set(columnKey(op), op);
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
  list.forEach(([key, op], row) => {
    const n = op.vector.length;
    const u = new Float32Array(n);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < vectors.length; j++) sum += vectors[j]![i]! * inverse[j]![row]!;
      u[i] = sum;
    }
    columns.set(key, { v: op.vector, u, id: hashArrays(op.vector, u) });
  });
  return columns;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
