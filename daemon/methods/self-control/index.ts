/** Self-control: a guideline in plain words, searched for each prompt or trained into a prefix. See README.md for formulas, units and sources. */
import type { Experiment, Method } from "../contract.ts";
import { type PrefixBody, PrefixBodySchema, qualityOf } from "./body.ts";
import { prefixCompiler, type Settings } from "./compile.ts";
import { composePrefixes } from "./compose.ts";
import { trainPrefix } from "./prefix-experiment.ts";
import { selfControlSearch } from "./search-experiment.ts";

export const selfControl: Method<Settings, PrefixBody> = {
  id: "self-control",
  title: "Self-control",
  summary:
    "The model judges its own answers by a guideline in plain words; what raises its judgement is searched for, or trained into a prefix.",
  citations: [
    {
      title: "SelfControl of LLM Behaviors by Compressing Suffix Gradient into Prefix Controller",
      authors: "Cai et al.",
      year: 2024,
      ours: "the suffix score, the search and the prefix; no adapter, and differences that README.md lists",
    },
  ],
  ...prefixCompiler,
  body: PrefixBodySchema,
  quality: qualityOf,
  formats: [],
  experiments: [selfControlSearch, trainPrefix, composePrefixes] as readonly Experiment[],
};
