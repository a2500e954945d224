/** All experiments: those of the methods, and those that serve all methods. */
import { attributionExperiment } from "../evaluate/attribution/experiment.ts";
import { receiptExperiment } from "../evaluate/receipts/experiment.ts";
import { handLabelled } from "../evaluate/receipts/hand-labelled.ts";
import { labelAnswers } from "../evaluate/receipts/label-answers.ts";
import { quickExperiment } from "../evaluate/receipts/quick.ts";
import type { Experiment } from "../methods/contract.ts";
import { METHODS } from "../methods/index.ts";
import { TillerError } from "../protocol/errors.ts";
import { didYouMean } from "../protocol/similar.ts";
import { corpusStatistics } from "./corpus-statistics.ts";
import { importArtifact } from "./import-artifact.ts";

export const EXPERIMENTS: readonly Experiment[] = [
  ...METHODS.flatMap(({ experiments }) => experiments),
  receiptExperiment as Experiment,
  quickExperiment as Experiment,
  labelAnswers as Experiment,
  handLabelled as Experiment,
  corpusStatistics as Experiment,
  attributionExperiment as Experiment,
  importArtifact as Experiment,
];

/** @throws TillerError not-found */
export function experimentOf(id: string): Experiment {
  const experiment = EXPERIMENTS.find((candidate) => candidate.id === id);
  if (experiment !== undefined) return experiment;
  const ids = EXPERIMENTS.map((candidate) => candidate.id);
  throw new TillerError("not-found", `there is no experiment '${id}'`, {
    field: "id",
    suggestion: `${didYouMean(id, ids)}There is ${ids.join(", ")}.`,
  });
}
