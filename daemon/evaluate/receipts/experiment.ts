/** "What does it do?": a receipt of a preset's control or of an artifact. */
import type { Experiment } from "../../methods/contract.ts";
import { armsOf, cellsOf, seedsFor } from "./arms.ts";
import { type Arms, ArmsSchema } from "./identity.ts";
import { measure } from "./measure.ts";
import { EvaluateParamsSchema, type Measured, MeasuredSchema } from "./params.ts";
import { prepareMeasured } from "./prepare.ts";
import { workOfAnswers } from "./work.ts";

export const receiptExperiment: Experiment<Measured, Arms> = {
  id: "receipt",
  title: "Receipt",
  summary: "Measures what a control does, against random directions of the same size, against a prompt, and at what damage.",
  params: EvaluateParamsSchema,
  prepared: MeasuredSchema,
  produces: ["receipt"],
  needs: ["chat-template"],
  engine: true,
  about: ({ preset, artifact }) => preset ?? artifact!,
  prepare: prepareMeasured,
  estimate: ({ spec, n }) => {
    const cells = cellsOf(spec, seedsFor(spec, n), 0);
    return { tokens: armsOf(spec).reduce((sum, arm) => sum + workOfAnswers(arm, spec, cells), 0), bytes: 0 };
  },
  checkpoint: ArmsSchema,
  run: async (params, lab) => ({ artifact: await measure(params, lab) }),
};
