/**
 * Finds a direction per layer from contrast pairs, on the very model and quantisation that will serve it.
 *
 * With p_i, q_i the readings of pair i at one layer: `mean-difference` takes mean(p) − mean(q) (Marks & Tegmark 2023; Rimsky
 * et al. 2023, CAA); `pca` the first principal direction of the paired differences p_i − q_i taken with both signs, so that
 * their mean is zero (Zou et al. 2023; repeng's `pca_diff`), its sign fixed by the training pairs and its length set to the
 * gap of the class means along it. Layers are ranked by their separation on held-out pairs.
 */
import type { FoundArtifact } from "../../compiler/types.ts";
import type { ContrastPair, ContrastText } from "../../protocol/artifact.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { Lab } from "../contract.ts";
import { hashJson } from "../shared/hash.ts";
import { shuffled } from "../shared/random.ts";
import { auroc, dPrime, meanDifference, pairedPrincipal, project } from "../shared/separation.ts";
import type { DirectionBody } from "./body.ts";
import type { FromPairs } from "./experiments/pairs-params.ts";

export const DIRECTIONS_VERSION = 1;

/** What finding needs of a lab. */
export type Readings = Pick<Lab, "model" | "read" | "progress" | "created">;

export async function findDirection(params: FromPairs, lab: Readings): Promise<FoundArtifact> {
  const { model } = lab;
  const live = model.sites.filter((site) => site.site === params.site && site.live).map((site) => site.layer);
  if (live.length === 0) {
    const reason = model.sites.find((site) => site.site === params.site)?.reason ?? "the model has no such site";
    throw new TillerError("not-steerable", `site: ${params.site} cannot be read in ${model.id}: ${reason}`, { field: "site" });
  }
  const given = expandPairs(params);
  const pairs = withoutRepeated(given);
  if (pairs.length < 2)
    throw new TillerError("bad-artifact", `pairs: all ${given.length} are the same one, and a direction is found from at least 2`, {
      field: "pairs",
      suggestion: "Give different pairs, at least 10.",
    });
  const order = shuffled(pairs.length, params.seed);
  const heldOut = Math.min(Math.max(1, Math.round(pairs.length * params.heldOut)), pairs.length - 1);
  const test = order.slice(0, heldOut);
  const train = order.slice(heldOut);

  const texts: ContrastText[] = [...pairs.map((pair) => pair.positive), ...pairs.map((pair) => pair.negative)];
  lab.progress(0, `reading ${texts.length} texts at ${live.length} layers`);
  const readings = await lab.read({ texts, render: params.render, site: params.site, layers: live, readAt: params.readAt }, (fraction) =>
    lab.progress(fraction * 0.9, `reading ${texts.length} texts`),
  );
  const { width, data } = readings;
  const row = (text: number, slot: number): Float32Array =>
    data.subarray((text * live.length + slot) * width, (text * live.length + slot + 1) * width);

  const layers = model.facts.layers;
  const vector = new Float32Array(layers * width);
  const mid = new Float32Array(layers);
  const quality = live.map((layer, slot) => {
    const pick = (indices: readonly number[], offset: number): Float32Array[] => indices.map((index) => row(index + offset, slot));
    const trainP = pick(train, 0);
    const trainN = pick(train, pairs.length);
    const found = params.method === "pca" ? pairedPrincipal(trainP, trainN) : meanDifference(trainP, trainN);
    vector.set(found.vector, layer * width);
    mid[layer] = found.mid;
    const testP = pick(test, 0).map((x) => project(x, found.unit));
    const testN = pick(test, pairs.length).map((x) => project(x, found.unit));
    return { layer, auroc: auroc(testP, testN), dPrime: dPrime(testP, testN), gap: found.gap };
  });
  const usable = quality.filter((entry) => entry.gap > 0 && Number.isFinite(entry.dPrime));
  if (usable.length === 0)
    throw new TillerError("bad-artifact", "the two sides of the pairs read the same at every layer", {
      field: "pairs",
      suggestion: "Give pairs that differ in the property that the slider should control.",
    });
  const ranked = [...usable].sort((a, b) => b.auroc - a.auroc || b.dPrime - a.dPrime);
  lab.progress(1, `best layer ${ranked[0]!.layer}, held-out AUROC ${ranked[0]!.auroc.toFixed(3)}`);
  return {
    meta: {
      id: params.id,
      title: params.title ?? params.id.split("/")[1]!,
      description: params.description ?? "",
      method: {
        id: `directions/${params.method}`,
        version: DIRECTIONS_VERSION,
        params: { site: params.site, readAt: params.readAt, render: params.render, heldOut: params.heldOut, layers: params.layers },
      },
      model: {
        architecture: model.facts.architecture,
        fingerprint: model.fingerprint,
        quantisation: model.quantisation,
        ...(model.facts.rope === null ? {} : { rope: model.facts.rope }),
        layers,
        width: model.facts.width,
      },
      provenance: {
        created: lab.created,
        seed: params.seed,
        inputs: [{ name: "contrast pairs", hash: hashJson(pairs), count: pairs.length, licence: params.licence ?? "not stated" }],
        source: params.source ?? "",
      },
      body: {
        site: params.site,
        layers: ranked
          .slice(0, params.layers)
          .map((entry) => entry.layer)
          .sort((a, b) => a - b),
        probeLayer: ranked[0]!.layer,
        pairs: train.length,
        heldOut: test.length,
        quality,
      } satisfies DirectionBody,
    },
    tensors: new Map([
      ["vector", { shape: [layers, width], data: vector }],
      ["mid", { shape: [layers], data: mid }],
    ]),
  };
}

/** A pair that is held out and also learned from would measure nothing. */
export function withoutRepeated(pairs: readonly ContrastPair[]): ContrastPair[] {
  return [...new Map(pairs.map((pair) => [JSON.stringify([pair.positive, pair.negative]), pair])).values()];
}

/** Pairs as given, or the two templates with each text put in the place of `{}`. */
export function expandPairs(params: Pick<FromPairs, "pairs" | "templates">): ContrastPair[] {
  if (params.pairs !== undefined) return params.pairs;
  const { positive, negative, texts } = params.templates!;
  for (const [name, template] of [
    ["positive", positive],
    ["negative", negative],
  ] as const) {
    if (!template.includes("{}"))
      throw new TillerError("invalid-params", `templates.${name}: must contain {} where the text goes`, { field: `templates.${name}` });
  }
  return texts.map((text) => ({ positive: positive.replaceAll("{}", () => text), negative: negative.replaceAll("{}", () => text) }));
}
