/** What a control made of a set of language neurons may say under `with`. Formulas: README.md. */
import * as z from "zod";
import type { ControlSpec } from "../../compiler/types.ts";
import { LayersSchema } from "../../protocol/preset.ts";
import { readTerms } from "./arithmetic.ts";
import { bodyOf } from "./body.ts";

export const MODES = {
  add: "adds each neuron's mean in the language; 1 adds the whole mean",
  replace: "puts the mean in the neuron's place; 0.5 goes half of the way there",
  difference: "adds the mean's distance from the other languages' mean",
  set: "puts `value` in the neuron's place",
  scale: "multiplies the neuron by `value`",
  percentile: "puts the language's `value`-th percentile in the neuron's place",
  residual: "no neurons: adds the difference of the languages' means to the residual stream",
} as const;
export type Mode = keyof typeof MODES;

export const SettingsSchema = z
  .object({
    languages: z
      .string()
      .max(300)
      .refine((text) => readTerms(text) !== null, "must be languages with + and −, such as `es`, `es - en` or `es - en + 0.3 pt`")
      .describe("languages that are called up (+) and put down (−), with weights; left out: the artifact's first")
      .meta({ title: "Languages", example: "es - en + 0.3 pt" }),
    mode: z
      .enum(Object.keys(MODES) as [Mode, ...Mode[]])
      .default("add")
      .describe("what is done to the neurons of languages that are called up")
      .meta({ title: "Mode", widget: "select", options: MODES }),
    value: z
      .number()
      .min(-100)
      .max(100)
      .default(1)
      .describe("of `set` and `scale`: the number; of `percentile`: 0 to 100; of `add`, `replace` and `difference`: a factor on the mean")
      .meta({ title: "Value", advanced: true }),
    off: z
      .number()
      .min(-5)
      .max(5)
      .default(0)
      .describe("what neurons of languages that are put down are set to; below about −0.28 is further than the activation itself goes")
      .meta({ title: "Value when put down", advanced: true }),
    layers: LayersSchema.optional()
      .describe("left out: all layers that have neurons; of `residual`: the middle one")
      .meta({ title: "Layers", widget: "layers", advanced: true }),
  })
  .strict()
  .refine(({ mode, value }) => mode !== "percentile" || (value >= 0 && value <= 100), {
    path: ["value"],
    message: "a percentile lies between 0 and 100",
  });
export type Settings = z.output<typeof SettingsSchema>;

export const control: ControlSpec<Settings> = {
  params: SettingsSchema,
  unit: "the neurons' mean activation in the language",
  ranges: [
    ...(["replace", "set", "scale", "percentile"] as const).map((mode) => ({ when: { mode }, range: [0, 1] as const })),
    { when: { mode: "residual" }, range: [-2, 4] },
    { when: {}, range: [0, 10] },
  ],
  defaults: (artifact) => ({ languages: bodyOf(artifact).languages[0]!.code }),
};
