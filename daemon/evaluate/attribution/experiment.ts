/** What moved an answer: the experiment. */
import type { Experiment } from "../../methods/contract.ts";
import { tokensOf } from "../../methods/shared/params.ts";
import { attribute } from "./attribute.ts";
import { type Params, ParamsSchema } from "./params.ts";
import { attributionReport } from "./report.ts";

export const attributionExperiment: Experiment<Params> = {
  id: "attribution",
  title: "What moved an answer",
  summary:
    "Ranks neurons, heads, layers and prompt tokens by what they did for one answer against another, and checks the strongest by setting them to zero.",
  params: ParamsSchema,
  produces: ["report"],
  needs: ["gradients"],
  engine: true,
  about: ({ prompt, answer }) => `${answer.trim()}: ${prompt}`.slice(0, 120),
  estimate: ({ prompt, checked }, { layers, width }) => {
    const tokens = tokensOf(prompt) + 30;
    // an MLP is about four times as wide as the model
    return { tokens: tokens * (4 + 4 * checked), bytes: tokens * layers * width * 7 * 4 };
  },
  run: async (params, lab) => ({ artifact: null, report: attributionReport(await attribute(params, lab), params) }),
};
