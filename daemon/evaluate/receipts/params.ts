/** What a receipt is asked for with, and the same with everything fixed: an edit of a preset or a file changes no job that waits. */
import * as z from "zod";
import { type EvaluateParams, EvaluateParamsSchema, EvaluationSpecSchema } from "../../protocol/evaluation.ts";
import { ControlNameSchema, RackSchema, STRENGTH_LIMIT } from "../../protocol/preset.ts";

export { type EvaluateParams, EvaluateParamsSchema };

export const MeasuredSchema = z
  .object({
    preset: EvaluateParamsSchema.shape.preset,
    artifact: EvaluateParamsSchema.shape.artifact,
    spec: EvaluationSpecSchema,
    n: EvaluateParamsSchema.shape.n,
    seed: EvaluateParamsSchema.shape.seed,
    calibrate: EvaluateParamsSchema.shape.calibrate,
    control: ControlNameSchema,
    rack: RackSchema,
  })
  .strict();
export type Measured = z.infer<typeof MeasuredSchema>;

/** A quick verdict's: one strength, and no number of answers, for it ends when it can be told. */
const shape = EvaluateParamsSchema.shape;

export const QuickParamsSchema = z
  .object({
    preset: shape.preset,
    artifact: shape.artifact,
    by: shape.by.describe("the judge, and the prompt that asks for the same; left out: as the evaluation that is kept has them"),
    settings: shape.settings,
    strength: z
      .number()
      .positive()
      .max(STRENGTH_LIMIT)
      .optional()
      .describe("left out: the largest of a few, from 1 downwards, under which held-out text stays within the damage bounds"),
    seed: shape.seed,
  })
  .strict();
export type QuickParams = z.infer<typeof QuickParamsSchema>;

export const QuickSchema = MeasuredSchema.omit({ n: true, calibrate: true }).extend({ strength: QuickParamsSchema.shape.strength });
export type Quick = z.infer<typeof QuickSchema>;
