/** Ops of one phase to lowered edits: grouped by place, element-wise before directions, in the order of the controls. */
import type { DirectionOp, ElementOp, Op } from "../protocol/ops.ts";
import { type LoweredColumn, type LoweredEdits, type LoweredElement, PLAIN_FINGERPRINT } from "../protocol/plan.ts";
import { siteKey } from "../protocol/sites.ts";
import { type BankBasis, buildBasis, composeBank } from "./bank.ts";
import { composeElement } from "./element.ts";
import { hashArrays, hashText } from "./hash.ts";

/** Place → basis of all directions that the rack may use there. */
export type Bases = ReadonlyMap<string, BankBasis>;

export function buildBases(ops: readonly Op[]): Bases {
  const bases = new Map<string, BankBasis>();
  for (const [place, group] of groupByPlace(ops.filter((op): op is DirectionOp => op.kind === "direction")))
    bases.set(place, buildBasis(group));
  return bases;
}

/** @param width site width per place, see siteKey */
export function lowerEdits(ops: readonly Op[], bases: Bases, width: (place: string) => number): LoweredEdits {
  const element: LoweredElement[] = [];
  for (const [place, group] of groupByPlace(ops.filter((op): op is ElementOp => op.kind === "element"))) {
    const lowered = composeElement(group, width(place));
    if (lowered !== null) element.push(lowered);
  }
  const columns: LoweredColumn[] = [];
  for (const [place, group] of groupByPlace(ops.filter((op): op is DirectionOp => op.kind === "direction")))
    columns.push(...composeBank(group, bases.get(place)!));
  return { element, columns, fingerprint: fingerprint(element, columns) };
}

function fingerprint(element: readonly LoweredElement[], columns: readonly LoweredColumn[]): string {
  if (element.length === 0 && columns.length === 0) return PLAIN_FINGERPRINT;
  const parts = [
    ...element.map((edit) => `e ${siteKey(edit)} ${hashArrays(edit.indices, edit.scale, edit.shift)}`),
    ...columns.map(
      (column) => `c ${siteKey(column)} ${column.id} ${column.add} ${column.gain} ${column.floor} ${column.ceil} ${column.rotate}`,
    ),
  ];
  return hashText(parts.sort().join("\n"));
}

function groupByPlace<T extends Op>(ops: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const op of ops) {
    const place = siteKey(op);
    const group = groups.get(place);
    if (group === undefined) groups.set(place, [op]);
    else group.push(op);
  }
  return groups;
}
