/** A prefix scorer changes nothing that the model computes: it has its say in how the next token, or the next block, is chosen. */
import * as z from "zod";
import type { ControlInput, MethodCompiler } from "../../compiler/types.ts";
import { TillerError } from "../../protocol/errors.ts";
import { SCORER_KIND, scorerOf } from "./body.ts";

export type Settings = Record<string, never>;

export const scorerCompiler: MethodCompiler<Settings> = {
  kind: SCORER_KIND,
  control: {
    params: z.object({}).strict() as unknown as z.ZodType<Settings>,
    unit: "none: it stands under `decoding`",
    ranges: [{ when: {}, range: [0, 1] }],
  },
  compile: refuse,
  places: refuse,
  describe: refuse,
  scorer: scorerOf,
};

function refuse({ name, control }: ControlInput): never {
  throw new TillerError("not-supported", `${name}: ${control.use} is no control but a prefix scorer, which stands under \`decoding\``, {
    field: `controls.${name}`,
    suggestion: `Write decoding: { tilt: { scorers: { ${control.use}: 1 } } }, or name it as \`unended\` of a reward of \`best\`.`,
  });
}
