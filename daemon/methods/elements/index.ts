/** Elements: neurons, heads and coordinates at any number of places. See README.md for formulas and units. */
import * as z from "zod";
import type { Experiment, Method } from "../contract.ts";
import { type ElementsBody, ElementsBodySchema } from "./body.ts";
import { byHand } from "./by-hand.ts";
import { describe, opsOf, placesOf, randomOps } from "./compile.ts";

export const elements: Method<Record<string, never>, ElementsBody> = {
  id: "elements",
  title: "Elements",
  summary: "Chosen neurons, attention heads and coordinates at any number of sites and layers, moved, scaled or replaced.",
  kind: "elements",
  citations: [],
  body: ElementsBodySchema,
  control: {
    params: z.object({}).strict() as unknown as z.ZodType<Record<string, never>>,
    unit: "the values as they are written",
    ranges: [{ when: {}, range: [-2, 2] }],
  },
  compile: (input) => ({ ops: opsOf(input) }),
  places: placesOf,
  randomised: (input, seed) => ({ ops: randomOps(input, seed) }),
  describe,
  formats: [],
  experiments: [byHand] as readonly Experiment[],
};
