/** Language neurons: found by LAPE, called up and put down by arithmetic. See README.md for formulas, units and sources. */
import type { Experiment, Method } from "../contract.ts";
import { type LanguagesBody, LanguagesBodySchema, qualityOf } from "./body.ts";
import { languageCompiler } from "./compile.ts";
import { fallback } from "./experiments/fallback.ts";
import { force } from "./experiments/force.ts";
import { identify } from "./experiments/identify.ts";
import { masks } from "./experiments/masks.ts";
import { perplexity } from "./experiments/perplexity.ts";
import { tasks } from "./experiments/tasks.ts";
import type { Settings } from "./settings.ts";

export const languageNeurons: Method<Settings, LanguagesBody> = {
  id: "language-neurons",
  title: "Language neurons",
  summary: "Neurons that fire for one or few languages, called up or put down so that the model writes in a chosen language.",
  citations: [
    {
      title: "Language-Specific Neurons: The Key to Multilingual Capabilities in Large Language Models",
      authors: "Tang et al.",
      year: 2024,
      ours: "LAPE: entropy of firing rates, its filter and bar; deactivation",
    },
    {
      title: "Language Arithmetics: Towards Systematic Language Neuron Identification and Manipulation",
      authors: "Gurgurov et al.",
      year: 2025,
      ours: "adding, replacing and differences of mean activations; from the authors' code, for the paper's text could not be had",
    },
    {
      title: "CLaS-Bench",
      authors: "Gurgurov et al.",
      year: 2026,
      ours: "the residual difference of means beside neurons; released masks as a reference",
    },
  ],
  ...languageCompiler,
  body: LanguagesBodySchema,
  quality: qualityOf,
  formats: [],
  experiments: [identify, force, perplexity, fallback, tasks, masks] as readonly Experiment[],
};
