/** What a control made of an emotion circuit may say under `with`. Formulas: README.md. */
import * as z from "zod";
import type { ControlSpec } from "../../compiler/types.ts";
import { LayersSchema } from "../../protocol/preset.ts";

export const WHERE = {
  published: "neurons from the prompt's last token on, heads at every token",
  symmetric: "neurons and heads from the prompt's last token on",
} as const;
export const PARTS = {
  both: "neurons and heads",
  neurons: "the neurons alone",
  heads: "the heads alone",
  residual: "no circuit: adds the emotion's direction to the residual stream",
} as const;
export type Where = keyof typeof WHERE;
export type Parts = keyof typeof PARTS;

export const SettingsSchema = z
  .object({
    parts: z
      .enum(Object.keys(PARTS) as [Parts, ...Parts[]])
      .default("both")
      .describe("what of the circuit acts")
      .meta({ title: "Acts with", widget: "select", options: PARTS }),
    where: z
      .enum(Object.keys(WHERE) as [Where, ...Where[]])
      .default("published")
      .describe("at which tokens it acts; the control's own scope limits it further")
      .meta({ title: "Where", widget: "select", options: WHERE, advanced: true }),
    layers: LayersSchema.optional()
      .describe("left out: all of the circuit; of `residual`: from two fifths to seven tenths of the depth, as in the published comparison")
      .meta({ title: "Layers", widget: "layers", advanced: true }),
  })
  .strict();
export type Settings = z.output<typeof SettingsSchema>;

export const control: ControlSpec<Settings> = {
  params: SettingsSchema,
  unit: "the emotion's mean difference from the others at its neurons and heads; of `residual`: the residual's root mean square",
  ranges: [
    { when: { parts: "residual" }, range: [-8, 8] },
    { when: {}, range: [-2, 2] },
  ],
};
