/** Prefix scorers: what an unfinished answer is expected to earn, learned from the model's own answers. See README.md for formulas and sources. */
import type { Experiment, Method } from "../contract.ts";
import { qualityOf, type ScorerBody, ScorerBodySchema } from "./body.ts";
import { type Settings, scorerCompiler } from "./compile.ts";
import { trainScorer } from "./experiment.ts";

export const prefixScorers: Method<Settings, ScorerBody> = {
  id: "prefix-scorers",
  title: "Prefix scorers",
  summary: "Learns from the model's own answers what an unfinished one will earn; decoding chooses tokens or blocks by it.",
  citations: [
    {
      title: "Controlled Decoding from Language Models",
      authors: "Mudgal et al.",
      year: 2024,
      ours: "CD-FUDGE and CD-Q, block-wise and token-wise control; the scorer is a head on the model's own last state, which README.md describes",
    },
  ],
  ...scorerCompiler,
  body: ScorerBodySchema,
  quality: qualityOf,
  formats: [],
  experiments: [trainScorer] as readonly Experiment[],
};
