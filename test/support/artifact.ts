/** Directions that no experiment found, for tests of everything that comes after finding one. */
import type { FoundArtifact } from "../../daemon/compiler/types.ts";
import type { StoredModel } from "../../daemon/store/models.ts";

/** Of something that no experiment found. */
export const PROVENANCE = {
  created: "2026-11-24",
  seed: 1,
  inputs: [{ name: "contrast pairs", hash: "0".repeat(64), count: 3, licence: "CC0" }],
  source: "test",
};

export interface MadeDirection {
  readonly id: string;
  readonly layers: number;
  readonly width: number;
  readonly title?: string;
  /** every value; left out: ± by position, so that it is not along the mean */
  readonly value?: number;
  readonly model?: Pick<StoredModel, "fingerprint" | "quantisation" | "architecture">;
  /** layers that a control uses */
  readonly used?: number[];
}

export function foundDirection({ id, layers, width, title, value, model, used }: MadeDirection): FoundArtifact {
  const data = Float32Array.from({ length: layers * width }, (_, i) => value ?? Math.sin(i * 12.9898) * 2);
  return {
    meta: {
      id,
      title: title ?? id,
      description: "",
      method: { id: "directions/mean-difference", version: 1, params: {} },
      model: {
        architecture: model?.architecture ?? "llama",
        fingerprint: model?.fingerprint ?? null,
        quantisation: model?.quantisation ?? null,
        layers,
        width,
      },
      provenance: PROVENANCE,
      body: { site: "resid", layers: used ?? [layers - 1], probeLayer: layers - 1, pairs: 2, heldOut: 1, quality: [] },
    },
    tensors: new Map([
      ["vector", { shape: [layers, width], data }],
      ["mid", { shape: [layers], data: new Float32Array(layers) }],
    ]),
  };
}
