/** Refuses ops that the model cannot carry, naming control, site, layer and reason, before anything native sees them. */
import type { EngineSite } from "../protocol/engine-api.ts";
import { TillerError } from "../protocol/errors.ts";
import type { ElementOp, Op } from "../protocol/ops.ts";
import { siteKey } from "../protocol/sites.ts";
import type { CompileModel } from "./types.ts";

export function checkOps(ops: readonly Op[], model: CompileModel): void {
  const table = siteTable(model.sites);
  for (const op of ops) {
    const field = `controls.${op.control}`;
    const site = table.get(siteKey(op));
    if (site === undefined) {
      throw new TillerError(
        "not-steerable",
        `${op.control}: ${model.id} has no ${op.site} at layer ${op.layer} (${model.facts.layers} layers)`,
        { field, suggestion: `See \`tiller inspect ${model.id}\`.` },
      );
    }
    if (!site.live)
      throw new TillerError(
        "not-steerable",
        `${op.control}: ${op.site} at layer ${op.layer} cannot be steered in ${model.id}: ${site.reason ?? "no reason given"}`,
        { field, suggestion: `See \`tiller inspect ${model.id}\` for the sites that can.` },
      );
    const length = lengthOf(op);
    if (length !== undefined && length !== site.width)
      throw new TillerError(
        "wrong-model",
        `${op.control}: ${op.site} at layer ${op.layer} is ${site.width} wide, the artifact's vector ${length}`,
        { field },
      );
    if (op.kind === "element" && op.indices !== null) checkIndices(op, op.indices, site.width, field);
    if (!arraysOf(op).every((array) => Number.isFinite(largest(array))))
      throw new TillerError("bad-artifact", `${op.control}: its numbers at layer ${op.layer} hold a value that is not finite`, { field });
  }
  checkAmounts(ops);
}

/** The width of the site that its arrays are for; undefined where they do not tell. */
function lengthOf(op: Op): number | undefined {
  if (op.kind === "direction") return op.vector.length;
  if (op.kind === "prefix") return op.values.length / op.rows;
  return op.indices === null ? op.values.length : undefined;
}

function arraysOf(op: Op): Float32Array[] {
  if (op.kind === "direction") return [op.vector];
  return op.kind === "prefix" && op.start !== null ? [op.values, op.start] : [op.values];
}

export function checkAmounts(ops: readonly Op[]): void {
  for (const op of ops) {
    // what the native tables hold is float32
    if (Number.isFinite(Math.fround(reach(op)))) continue;
    throw new TillerError("out-of-range", `${op.control}: its strength times the numbers at layer ${op.layer} is too large a number`, {
      field: `controls.${op.control}.strength`,
      suggestion: "Choose a smaller strength.",
    });
  }
}

const tables = new WeakMap<readonly EngineSite[], ReadonlyMap<string, EngineSite>>();

/** By siteKey. */
export function siteTable(sites: readonly EngineSite[]): ReadonlyMap<string, EngineSite> {
  const known = tables.get(sites);
  if (known !== undefined) return known;
  const table = new Map(sites.map((site) => [siteKey(site), site]));
  tables.set(sites, table);
  return table;
}

/** The largest number that this op could put into a table. */
function reach(op: Op): number {
  if (op.kind === "direction") return op.amount;
  const size = Math.abs(op.amount) * largest(op.values);
  if (op.kind === "prefix") return op.start === null ? size : size + Math.abs(1 - op.amount) * largest(op.start);
  return op.mode === "scale" ? Math.abs(1 - op.amount) + size : size;
}

const sizes = new WeakMap<Float32Array, number>();

/** max|value|, not finite where one is not; once for an array, see numbersId. */
function largest(values: Float32Array): number {
  const known = sizes.get(values);
  if (known !== undefined) return known;
  let size = 0;
  // NaN stays: Math.max keeps it
  for (const value of values) size = Math.max(size, Math.abs(value));
  sizes.set(values, size);
  return size;
}

const fits = new WeakMap<Int32Array, number>();

function checkIndices(op: ElementOp, indices: Int32Array, width: number, field: string): void {
  if (indices.length !== op.values.length)
    throw new TillerError("bad-artifact", `${op.control}: ${indices.length} indices but ${op.values.length} values at layer ${op.layer}`, {
      field,
    });
  if (fits.get(indices) === width) return;
  for (const index of indices)
    if (index < 0 || index >= width)
      throw new TillerError("bad-artifact", `${op.control}: element ${index} does not exist at ${op.site} (${width} wide)`, { field });
  fits.set(indices, width);
}
