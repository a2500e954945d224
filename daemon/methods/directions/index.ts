/** Directions: one vector per layer, added, removed or held. See README.md for formulas, units and sources. */
import type { Experiment, Method } from "../contract.ts";
import { type DirectionBody, DirectionBodySchema, qualityOf } from "./body.ts";
import { compiler } from "./compiler.ts";
import { chooseLayers } from "./experiments/choose-layers.ts";
import { combineDirections } from "./experiments/combine.ts";
import { fromPairs } from "./experiments/from-pairs.ts";
import { fromWords } from "./experiments/from-words.ts";
import { importVector } from "./experiments/import-vector.ts";
import { ggufFormat } from "./gguf-vector.ts";
import type { Settings } from "./settings.ts";

export const directions: Method<Settings, DirectionBody> = {
  ...compiler,
  id: "directions",
  title: "Directions",
  summary: "One vector per layer that separates two classes of texts, added, removed or held while the model writes.",
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
  quality: qualityOf,
  formats: [ggufFormat],
  experiments: [fromPairs, fromWords, chooseLayers, combineDirections, importVector] as readonly Experiment[],
};
