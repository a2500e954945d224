/** Emotion circuits: neurons and heads that write an emotion, found and nudged. See README.md for formulas, units and sources. */
import type { Experiment, Method } from "../contract.ts";
import { type CircuitBody, CircuitBodySchema, qualityOf } from "./body.ts";
import { circuitCompiler } from "./compile.ts";
import { discover } from "./experiments/discover.ts";
import { validate } from "./experiments/validate.ts";
import type { Settings } from "./settings.ts";

export const emotionCircuits: Method<Settings, CircuitBody> = {
  id: "emotion-circuits",
  title: "Emotion circuits",
  summary:
    "A few hundred neurons and attention heads that write one emotion into the residual stream, nudged so that any answer takes its tone.",
  citations: [
    {
      title: "Do LLMs “Feel”? Emotion Circuits Discovery and Control",
      authors: "Wang et al.",
      year: 2025,
      ours: "all ten steps, from the released code, for the paper's text could not be had; scenarios and system turns are our own",
    },
  ],
  ...circuitCompiler,
  body: CircuitBodySchema,
  quality: qualityOf,
  formats: [],
  experiments: [discover, validate] as readonly Experiment[],
};
