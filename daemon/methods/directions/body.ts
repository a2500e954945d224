/** What a direction artifact holds beside its tensors (`vector` [L × d], `mid` [L], see direction.ts). */
import * as z from "zod";
import type { Artifact } from "../../protocol/artifact.ts";
import { SITES } from "../../protocol/sites.ts";
import { FEWEST_HELD_OUT } from "./questions.ts";

/** Held-out quality of one layer: AUROC of the projection on held-out pairs, gap of the means in units of the pooled deviation. */
export const LayerQualitySchema = z
  .object({ layer: z.number().int().min(0), auroc: z.number().min(0).max(1), dPrime: z.number().finite(), gap: z.number().finite() })
  .strict();

export const DirectionBodySchema = z
  .object({
    site: z.enum(SITES),
    layers: z.array(z.number().int().min(0)).min(1).describe("layers that a control uses when it names none"),
    probeLayer: z.number().int().min(0).describe("where it is read as a probe"),
    unit: z
      .number()
      .positive()
      .optional()
      .describe("gaps per layer that strength 1 adds: the strongest strength that stayed fluent; left out: 1, the whole gap"),
    low: z.number().max(0).optional().describe("the strongest strength on the other side that stayed under the same damage, in that unit"),
    pairs: z.number().int().min(0).describe("that it was learned from"),
    heldOut: z.number().int().min(0).describe("that only measured it"),
    heldOutQuestions: z.number().int().min(0).optional().describe("different questions among those; left out: not known"),
    quality: z.array(LayerQualitySchema).default([]),
  })
  .strict();
export type DirectionBody = z.infer<typeof DirectionBodySchema>;

/** The store has checked it. */
export function bodyOf(artifact: Pick<Artifact, "body">): DirectionBody {
  return artifact.body as DirectionBody;
}

export function qualityOf(artifact: Artifact): string | null {
  const { quality, probeLayer, heldOut, heldOutQuestions = heldOut } = bodyOf(artifact);
  const best = quality.find(({ layer }) => layer === probeLayer);
  if (best === undefined) return null;
  if (heldOutQuestions < FEWEST_HELD_OUT) return `${heldOutQuestions} held-out questions are too few to tell how well it separates`;
  const gap = Number(best.gap.toPrecision(3)).toString().replace("-", "−");
  return `AUROC ${best.auroc.toFixed(2)} on ${heldOut} held-out pairs at layer ${best.layer}, gap ${gap}`;
}
