/** Directions: one vector per layer, added, removed or held. See README.md for formulas, units and sources. */
import type { Experiment, Method } from "../contract.ts";
import { type DirectionBody, DirectionBodySchema, qualityOf } from "./body.ts";
import { describe, directionProbe, opsOf, placesOf } from "./compile.ts";
import { fromPairs } from "./experiments/from-pairs.ts";
import { fromWords } from "./experiments/from-words.ts";
import { importVector } from "./experiments/import-vector.ts";
import { ggufFormat } from "./gguf-vector.ts";
import { control, type Settings } from "./settings.ts";

export const directions: Method<Settings, DirectionBody> = {
  id: "directions",
  title: "Directions",
  summary: "One vector per layer that separates two classes of texts, added, removed or held while the model writes.",
  kind: "direction",
  citations: [
    { title: "The Geometry of Truth", authors: "Marks, Tegmark", year: 2023, ours: "the difference of the classes' means" },
    {
      title: "Steering Llama 2 via Contrastive Activation Addition",
      authors: "Rimsky et al.",
      year: 2023,
      ours: "pairs of answers, adding at chosen layers",
    },
    { title: "Representation Engineering", authors: "Zou et al.", year: 2023, ours: "the first principal direction of paired differences" },
  ],
  body: DirectionBodySchema,
  control,
  compile: (input) => ({ ops: opsOf(input) }),
  places: placesOf,
  describe,
  probe: directionProbe,
  quality: qualityOf,
  formats: [ggufFormat],
  experiments: [fromPairs, fromWords, importVector] as readonly Experiment[],
};
