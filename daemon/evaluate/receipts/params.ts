/** What a receipt is asked for with, and the same with everything fixed: an edit of a preset or a file changes no job that waits. */
import * as z from "zod";
import { type EvaluateParams, EvaluateParamsSchema, EvaluationSpecSchema } from "../../protocol/evaluation.ts";
import { ControlNameSchema, RackSchema } from "../../protocol/preset.ts";

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
