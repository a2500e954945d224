/**
 * Finds a direction per layer from contrast pairs, on the very model and quantisation that will serve it. Whatever chooses looks at
 * training questions only; what is reported of a direction is measured on questions that were held out.
 */
import { setImmediate as immediate } from "node:timers/promises";
import type { FoundArtifact } from "../../compiler/types.ts";
import type { ContrastPair } from "../../protocol/artifact.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { Block } from "../../protocol/report.ts";
import { hashJson } from "../shared/hash.ts";
import type { DirectionBody } from "./body.ts";
import { byEffect } from "./choose/by-effect.ts";
import type { JudgeTexts } from "./choose/material.ts";
import { dataReport } from "./data-report.ts";
import { estimatorOf } from "./estimator.ts";
import type { FromPairs } from "./experiments/pairs-params.ts";
import type { FindLab } from "./find-lab.ts";
import { figuresAt, type LayerFigures, rankLayers } from "./layer-figures.ts";
import { splitByQuestion } from "./questions.ts";
import { readPairs } from "./read-pairs.ts";

export const DIRECTIONS_VERSION = 2;

/** Share of the work, where layers are chosen by what they do. */
const READING = 0.2;

export interface Found extends FoundArtifact {
  readonly report: readonly Block[];
}

/** @param judge scores answers by the property; left out: they are read along the direction */
export async function findDirection(params: FromPairs, lab: FindLab, judge?: JudgeTexts): Promise<Found> {
  const { model } = lab;
  const given = expandPairs(params);
  const unique = withoutRepeated(given);
  if (unique.length < 2)
    throw new TillerError("bad-artifact", `pairs: all ${given.length} are the same one, and a direction is found from at least 2`, {
      field: "pairs",
      suggestion: "Give different pairs, at least 10.",
    });
  const { choose, layers: count } = params;
  const effect = choose === "effect";
  const share = effect ? READING : 1;
  const readings = await readPairs(unique, params, { ...lab, progress: (fraction, message) => lab.progress(fraction * share, message) });
  const { pairs, layers: live, width } = readings;
  const split = splitByQuestion(pairs, params.heldOut, params.seed);
  const figures: LayerFigures[] = [];
  for (const [slot, layer] of live.entries()) {
    figures.push(figuresAt(layer, readings.at(slot), split, estimatorOf(params, readings, slot)));
    // others have their turns between the layers
    await immediate();
  }
  const ranked = rankLayers(figures, model.facts.layers);
  if (ranked.length === 0)
    throw new TillerError("bad-artifact", "the two sides of the pairs read the same at every layer", {
      field: "pairs",
      suggestion: "Give pairs that differ in the property that the slider should control.",
    });
  const usual = ranked.slice(0, count).map(({ layer }) => layer);
  const outcome = effect
    ? await byEffect({ params, readings, split, usual: [...usual].sort((a, b) => a - b), judge }, lab, (fraction, what) =>
        lab.progress(share + (1 - share) * fraction, `choosing layers: ${what}`),
      )
    : null;
  const choice = typeof outcome === "string" ? null : outcome;
  const used = choice?.layers ?? usual;
  const probe = ranked.reduce((a, b) => (reads(b) > reads(a) ? b : a));
  lab.progress(1, `layer ${used[0]}${ranked[0]!.heldOut === null ? "" : `, held-out AUROC ${ranked[0]!.heldOut.auroc.toFixed(3)}`}`);
  const layers = model.facts.layers;
  const vector = new Float32Array(layers * width);
  const mid = new Float32Array(layers);
  for (const { layer, found } of figures) {
    vector.set(found.vector, layer * width);
    mid[layer] = found.mid;
  }
  const { site, readAt, render, heldOut, seed } = params;
  return {
    meta: {
      id: params.id,
      title: params.title ?? params.id.split("/")[1]!,
      description: params.description ?? "",
      method: {
        id: `directions/${params.method}`,
        version: DIRECTIONS_VERSION,
        params: {
          site,
          readAt,
          render,
          choose: params.choose,
          ...(heldOut === undefined ? {} : { heldOut }),
          layers: params.layers,
          finalNorm: params.finalNorm,
        },
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
        seed,
        inputs: [{ name: "contrast pairs", hash: hashJson(pairs), count: pairs.length, licence: params.licence ?? "not stated" }],
        source: params.source ?? "",
      },
      body: {
        site,
        layers: [...used].sort((a, b) => a - b),
        probeLayer: probe.layer,
        ...(choice === null ? {} : { unit: choice.unit, low: choice.low }),
        pairs: split.train.length,
        heldOut: split.test.length,
        heldOutQuestions: split.questions.heldOut,
        quality: figures.flatMap(({ layer, heldOut: measured, found }) =>
          measured === null ? [] : [{ layer, ...measured, gap: found.gap }],
        ),
      } satisfies DirectionBody,
    },
    tensors: new Map([
      ["vector", { shape: [layers, width], data: vector }],
      ["mid", { shape: [layers], data: mid }],
    ]),
    report: [
      ...(typeof outcome === "string" ? [bySeparation(outcome)] : (outcome?.report ?? [])),
      ...dataReport({ ...readings, pairs: pairs.length, split, figures, layers: used }),
    ],
  };
}

function bySeparation(why: string): Block {
  return {
    type: "prose",
    id: "by-separation",
    text: `Its layer was chosen by how well it separates, for ${why}; strength 1 is the whole gap between the two sides.`,
  };
}

/** As a probe, the layer that separates best is right. */
function reads({ chosenBy }: LayerFigures): number {
  return chosenBy.auroc * 1e3 + Math.min(chosenBy.dPrime, 100);
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
