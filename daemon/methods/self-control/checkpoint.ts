/** A training as it is kept while it runs: numbers as base64, so that they come back to the last bit. */
import * as z from "zod";
import type { Controller } from "./objectives.ts";
import type { Measured } from "./report.ts";
import type { Progress } from "./train.ts";

export type PrefixArm = "plain" | "prefix" | "start" | "prompted" | "random" | "controlled";

const numbers = z.string();
const ControllerSchema = z.object({ rows: z.number(), values: numbers, layers: z.array(z.number()), shifts: z.array(numbers) });
const ProgressSchema = z.object({
  history: z.array(z.object({ epoch: z.number(), loss: z.number().nullable(), score: z.number() })),
  controller: ControllerSchema,
  adam: z.object({ step: z.number(), mean: z.array(numbers), square: z.array(numbers) }),
  best: z.object({ epoch: z.number(), score: z.number(), controller: ControllerSchema }),
});

export const TrainingSchema = z
  .object({
    /** what the search found for each prompt that is trained on, null where that is no better than the plain answer */
    found: z.array(z.string().nullable()),
    progress: ProgressSchema.nullable(),
    measured: z.array(z.custom<Measured<PrefixArm>>()),
  })
  .strict();
export type Kept = z.infer<typeof TrainingSchema>;

export function packProgress({ history, controller, adam, best }: Progress): NonNullable<Kept["progress"]> {
  return {
    history: [...history],
    controller: packController(controller),
    adam: { step: adam.step, mean: adam.mean.map(pack), square: adam.square.map(pack) },
    best: { ...best, controller: packController(best.controller) },
  };
}

export function unpackProgress({ history, controller, adam, best }: NonNullable<Kept["progress"]>): Progress {
  return {
    history,
    controller: unpackController(controller),
    adam: { step: adam.step, mean: adam.mean.map(unpack), square: adam.square.map(unpack) },
    best: { ...best, controller: unpackController(best.controller) },
  };
}

type KeptController = z.infer<typeof ControllerSchema>;

function packController({ rows, values, layers, shifts }: Controller): KeptController {
  return { rows, values: pack(values), layers: [...layers], shifts: shifts.map(pack) };
}

function unpackController({ rows, values, layers, shifts }: KeptController): Controller {
  return { rows, values: unpack(values), layers, shifts: shifts.map(unpack) };
}

function pack(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");
}

function unpack(text: string): Float32Array {
  const bytes = Buffer.from(text, "base64");
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
