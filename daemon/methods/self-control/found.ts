/** A prefix as an artifact, before the store has given it its hashes. */
import type { FoundArtifact, Tensor } from "../../compiler/types.ts";
import type { PrefixBody } from "./body.ts";

export interface FoundPrefix extends Omit<FoundArtifact["meta"], "body"> {
  readonly body: PrefixBody;
  /** [n × d] */
  readonly rows: Float32Array;
  readonly start: Float32Array;
  /** of each of the body's layers, [n × d] */
  readonly shifts: readonly Float32Array[];
}

export function foundPrefix({ rows, start, shifts, ...meta }: FoundPrefix): FoundArtifact {
  const { body, model } = meta;
  const shape = [body.rows, model.width];
  const tensors = new Map<string, Tensor>([
    ["rows", { shape, data: rows }],
    ["start", { shape, data: start }],
  ]);
  if (shifts.length > 0) {
    const all = new Float32Array(shifts.length * rows.length);
    for (const [i, values] of shifts.entries()) all.set(values, i * rows.length);
    tensors.set("shifts", { shape: [shifts.length, ...shape], data: all });
  }
  return { meta, tensors };
}
