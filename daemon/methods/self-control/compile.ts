/** `prefix/…` with a strength: rows in front of the prompt. */

import * as z from "zod";
import { formatLayers } from "../../compiler/report.ts";
import type { ControlInput, MethodCompiler, Place } from "../../compiler/types.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { PrefixOp } from "../../protocol/ops.ts";
import { prefixOf } from "./body.ts";

export type Settings = Record<string, never>;

/** Architectures whose layers look at token ids, too: a row that is no token has none. */
const READ_TOKENS = ["gemma3n", "gemma4"];

export const prefixCompiler: MethodCompiler<Settings> = {
  kind: "prefix",
  control: {
    params: z.object({}).strict() as unknown as z.ZodType<Settings>,
    unit: "the rows as they were trained; between 0 and 1 they lie between the tokens that the training began with and those rows",
    ranges: [{ when: {}, range: [0, 1] }],
  },
  compile: (input) => ({ ops: opsOf(input) }),
  places: placesOf,
  describe: ({ artifact }) => {
    const { rows, shifts } = prefixOf(artifact);
    const more = shifts.length === 0 ? "" : `, shifted at ${formatLayers(shifts.map(({ layer }) => layer))}`;
    return { text: `(prefix) ${rows} rows in front of the prompt${more}` };
  },
};

/** With s the strength: row i is (1 − s)·start_i + s·trained_i, and x += s·shift_i at it. At 0 there is no prefix at all. */
function opsOf(input: ControlInput): PrefixOp[] {
  const { name: control, strength: amount, scope, model } = input;
  if (amount === 0) return [];
  if (amount < 0)
    throw new TillerError("out-of-range", `${control}: a prefix has no opposite; its strength is 0 or more, not ${amount}`, {
      field: `controls.${control}.strength`,
      suggestion: "Choose a strength between 0 and 1.",
    });
  if (scope === "answer")
    throw new TillerError("bad-preset", `scope.${control}: a prefix is read with the prompt, so it cannot act on the answer alone`, {
      field: `scope.${control}`,
      suggestion: "Leave its scope out.",
    });
  const { architecture } = model.facts;
  if (READ_TOKENS.includes(architecture))
    throw new TillerError("not-steerable", `${control}: layers of ${architecture} read token ids, which the rows of a prefix do not have`, {
      field: `controls.${control}`,
    });
  const { rows, values, start, shifts } = prefixOf(input.artifact);
  const base = { kind: "prefix", control, scope: "prompt", rows, amount } as const;
  return [
    { ...base, site: "embd", layer: 0, values, start },
    ...shifts.map((shift): PrefixOp => ({ ...base, site: "resid", layer: shift.layer, values: shift.values, start: null })),
  ];
}

function placesOf({ artifact }: ControlInput): Place[] {
  return [{ site: "embd", layer: 0 }, ...prefixOf(artifact).shifts.map(({ layer }): Place => ({ site: "resid", layer }))];
}
