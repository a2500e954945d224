/** Rows of the model's own tensors, for what can be read off the weights alone. */
import type { EngineRequests, EngineWeights } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import { didYouMean } from "../../protocol/similar.ts";
import type { NativeModel } from "../model/native.ts";

/** One message between two processes. */
const LIMIT = 256 * 1024 ** 2;

/** @throws TillerError not-found, out-of-range, or too-large with the rows that would fit */
export function readWeights(
  { tensor, rows }: EngineWeights,
  model: Pick<NativeModel, "tensors" | "readRows">,
): EngineRequests["weights"][1] {
  const tensors = model.tensors();
  const found = tensors.find(({ name }) => name === tensor);
  if (found === undefined)
    throw new TillerError("not-found", `the model has no tensor '${tensor}'`, {
      field: "tensor",
      suggestion: didYouMean(
        tensor,
        tensors.map(({ name }) => name),
      ).trim(),
    });
  const { type, shape } = found;
  if (rows === null) return { type, shape, data: null };
  const [length, ...others] = shape as [number, ...number[]];
  const there = others.reduce((product, size) => product * size, 1);
  const { start, count } = rows;
  if (!(start >= 0 && count >= 1 && start + count <= there))
    throw new TillerError("out-of-range", `${tensor} has rows 0 to ${there - 1}, not ${start} to ${start + count - 1}`, { field: "rows" });
  if (count * length * 4 > LIMIT)
    throw new TillerError(
      "too-large",
      `${count} rows of ${tensor} are ${Math.round((count * length) / 2 ** 18)} MiB, more than the 256 MiB of one reading`,
      {
        field: "rows",
        suggestion: `Read at most ${Math.floor(LIMIT / (length * 4))} rows at a time.`,
      },
    );
  return { type, shape, data: model.readRows(tensor, start, count) };
}
