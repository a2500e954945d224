/** What a control made of a direction may say under `with`, and how far its slider goes. */
import * as z from "zod";
import type { ControlInput, ControlSpec } from "../../compiler/types.ts";
import { TillerError } from "../../protocol/errors.ts";
import { LayersSchema } from "../../protocol/preset.ts";
import { layerNumbers } from "../../protocol/rules/layers.ts";
import { SITE_INFO, SITES } from "../../protocol/sites.ts";
import { bodyOf } from "./body.ts";

export const MODES = {
  add: "adds the direction, in the artifact's unit",
  scale: "makes what is there along the direction larger or smaller",
  ablate: "takes out what is there along the direction; 1 takes all",
  set: "puts the value on the direction to a target; ±1 is a class mean",
  floor: "never lets the value fall below the target",
  ceil: "never lets the value rise above the target",
  rotate: "turns towards the direction and keeps the length",
} as const;
export type Mode = keyof typeof MODES;

export const SettingsSchema = z
  .object({
    mode: z
      .enum(Object.keys(MODES) as [Mode, ...Mode[]])
      .default("add")
      .describe("how the strength acts; `set`, `floor` and `ceil` count in class means (-1 and 1)")
      .meta({ title: "Mode", widget: "select", options: MODES }),
    layers: LayersSchema.transform((layers, context) => {
      const numbers = layerNumbers(layers);
      if (numbers !== null) return [...new Set(numbers)].sort((a, b) => a - b);
      context.addIssue({ code: "custom", message: `'${String(layers)}' is no list of layers, or runs backwards` });
      return z.NEVER;
    })
      .describe("left out: the layers that the artifact names; a list, or a range such as `3-6`")
      .meta({ title: "Layers", widget: "layers" }),
    site: z.enum(SITES).describe("left out: where the artifact was found").meta({ title: "Site", widget: "site", advanced: true }),
  })
  .strict();
export type Settings = z.output<typeof SettingsSchema>;

export const control: ControlSpec<Settings> = {
  params: SettingsSchema,
  unit: "the strongest strength that stayed fluent when its layers were chosen; where that was not tried, the whole gap between the two classes of examples",
  ranges: [
    { when: { mode: "scale" }, range: [-1, 3] },
    { when: { mode: "ablate" }, range: [0, 1] },
    ...(["set", "floor", "ceil"] as const).map((mode) => ({ when: { mode }, range: [-3, 3] as const })),
    { when: {}, range: [-2, 2] },
  ],
  defaults: (artifact) => {
    const { site, layers } = bodyOf(artifact);
    return { mode: "add", site, layers };
  },
};

/** @throws TillerError where the direction does not fit the site, or the model has no such layer */
export function checkPlaces({ settings: { site, layers }, artifact, model, name }: ControlInput<Settings>): void {
  const found = bodyOf(artifact.meta).site;
  if (SITE_INFO[site].width !== SITE_INFO[found].width)
    throw new TillerError(
      "bad-preset",
      `controls.${name}.with.site: ${artifact.meta.id} was found at ${found}; its vectors do not fit ${site}`,
      {
        field: `controls.${name}.with.site`,
      },
    );
  const missing = layers.find((layer) => layer >= model.facts.layers);
  if (missing !== undefined)
    throw new TillerError(
      "out-of-range",
      `controls.${name}.with.layers: layer ${missing} does not exist; ${model.id} has layers 0 to ${model.facts.layers - 1}`,
      { field: `controls.${name}.with.layers` },
    );
}
