/** The types that the reference describes once, by name. */
import type * as z from "zod";
import * as daemonApi from "../protocol/api/daemon.ts";
import * as experimentApi from "../protocol/api/experiment.ts";
import * as generateApi from "../protocol/api/generate.ts";
import * as libraryApi from "../protocol/api/library.ts";
import * as modelApi from "../protocol/api/model.ts";
import * as tapApi from "../protocol/api/tap.ts";
import * as artifact from "../protocol/artifact.ts";
import { ErrorDataSchema } from "../protocol/errors.ts";
import * as evaluation from "../protocol/evaluation.ts";
import { FrameHeaderSchema } from "../protocol/frames.ts";
import { MessageSchema } from "../protocol/message.ts";
import * as preset from "../protocol/preset.ts";
import * as receipt from "../protocol/receipt.ts";
import * as reports from "../protocol/report.ts";

/** Names of things, used both ways. */
export const ID_TYPES: Readonly<Record<string, z.ZodType>> = {
  ModelId: modelApi.ModelIdSchema,
  PresetId: preset.PresetIdSchema,
  ArtifactId: preset.ArtifactIdSchema,
  ControlName: preset.ControlNameSchema,
  StreamId: generateApi.StreamIdSchema,
  Fingerprint: preset.FingerprintSchema,
};

/** Written by a client. */
export const INPUT_TYPES: Readonly<Record<string, z.ZodType>> = {
  Message: MessageSchema,
  Steering: preset.SteeringSchema,
  Rack: preset.RackSchema,
  Control: preset.ControlSchema,
  Hold: preset.HoldSchema,
  Sampling: preset.SamplingSchema,
  Preset: preset.PresetSchema,
  LoadOptions: modelApi.LoadOptionsSchema,
  LayerSelection: tapApi.LayerSelectionSchema,
  ContrastPair: artifact.ContrastPairSchema,
  ContrastText: artifact.ContrastTextSchema,
  EvaluateParams: evaluation.EvaluateParamsSchema,
  EvaluationSpec: evaluation.EvaluationSpecSchema,
};

/** Sent by the daemon. */
export const OUTPUT_TYPES: Readonly<Record<string, z.ZodType>> = {
  Answer: generateApi.AnswerSchema,
  Token: generateApi.TokenSchema,
  SteeringReport: generateApi.SteeringReportSchema,
  Model: modelApi.ModelSchema,
  ModelFacts: modelApi.ModelFactsSchema,
  SiteStatus: modelApi.SiteStatusSchema,
  Inspection: modelApi.InspectionSchema,
  MemoryEstimate: modelApi.MemoryEstimateSchema,
  PresetEntry: libraryApi.PresetEntrySchema,
  StoredPreset: preset.PresetSchema,
  Problem: libraryApi.ProblemSchema,
  Artifact: artifact.ArtifactSchema,
  ArtifactEntry: libraryApi.ArtifactEntrySchema,
  Method: experimentApi.MethodEntrySchema,
  Experiment: experimentApi.ExperimentEntrySchema,
  ExperimentEstimate: experimentApi.ExperimentEstimateSchema,
  Report: reports.ReportSchema,
  Receipt: receipt.ReceiptSchema,
  ReceiptPoint: receipt.ReceiptPointSchema,
  Estimate: receipt.EstimateSchema,
  Damage: receipt.DamageSchema,
  Job: libraryApi.JobSchema,
  TokenEntry: daemonApi.TokenEntrySchema,
  Limits: daemonApi.LimitsSchema,
  FrameHeader: FrameHeaderSchema,
  ErrorData: ErrorDataSchema,
};
