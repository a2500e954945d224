/** Readings of pairs at every live layer of a site, without those that are an attention sink's. */
import type { ContrastPair, ContrastText } from "../../protocol/artifact.ts";
import type { EngineCollected } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import { SINK_TIMES } from "../../protocol/rules/sinks.ts";
import type { Lab } from "../contract.ts";
import { median, norm } from "../shared/numbers.ts";
import { mean } from "../shared/separation.ts";
import type { FromPairs } from "./experiments/pairs-params.ts";

export interface PairReadings {
  /** those that were kept */
  readonly pairs: readonly ContrastPair[];
  readonly layers: readonly number[];
  readonly width: number;
  readonly norms: readonly number[];
  /** of 2 × pairs texts, one side of all pairs, then the other */
  readonly texts: EngineCollected["texts"];
  /** pairs that were left out */
  readonly sinkPairs: number;
  /** readings at a layer, by its index in `layers` */
  at(slot: number): { positive(pair: number): Float32Array; negative(pair: number): Float32Array };
  /** mean reading of neutral texts; null: none were read */
  readonly neutral: ((slot: number) => Float64Array) | null;
}

export async function readPairs(
  pairs: readonly ContrastPair[],
  params: FromPairs,
  lab: Pick<Lab, "model" | "read" | "progress" | "materials">,
): Promise<PairReadings> {
  const { model } = lab;
  const layers = model.sites.filter((site) => site.site === params.site && site.live).map((site) => site.layer);
  if (layers.length === 0) {
    const reason = model.sites.find((site) => site.site === params.site)?.reason ?? "the model has no such site";
    throw new TillerError("not-steerable", `site: ${params.site} cannot be read in ${model.id}: ${reason}`, { field: "site" });
  }
  const texts = textsOf(pairs);
  const { render, readAt, site } = params;
  lab.progress(0, `reading ${texts.length} texts at ${layers.length} layers`);
  const read = await lab.read({ texts, render, site, layers, readAt }, (fraction) =>
    lab.progress(fraction * 0.9, `reading ${texts.length} texts`),
  );
  const { width } = read;
  const last = layers.indexOf(model.facts.layers - 1);
  const final =
    params.finalNorm && site === "resid" && last >= 0 ? await lab.read({ texts, render, site: "final", layers: [0], readAt }) : null;
  const row = (text: number, slot: number): Float32Array =>
    final !== null && slot === last
      ? final.data.subarray(text * width, (text + 1) * width)
      : read.data.subarray((text * layers.length + slot) * width, (text * layers.length + slot + 1) * width);
  const usual = layers.map((_, slot) => median(texts.map((_, text) => norm(row(text, slot)))));
  // a reading as much longer than the others of its layer is no reading of a text either
  const sink = (text: number): boolean => layers.some((_, slot) => norm(row(text, slot)) > SINK_TIMES * usual[slot]!);
  const kept = pairs.map((_, index) => index).filter((index) => !sink(index) && !sink(index + pairs.length));
  if (kept.length < 2)
    throw new TillerError("bad-artifact", "what is read of these texts are attention sinks, which say nothing of a text", {
      field: "readAt",
      suggestion: "Read `mean`, or give longer texts.",
    });
  return {
    pairs: kept.map((index) => pairs[index]!),
    layers,
    width,
    norms: read.norms,
    texts: [...kept, ...kept.map((index) => index + pairs.length)].map((text) => read.texts[text]!),
    sinkPairs: pairs.length - kept.length,
    at: (slot) => ({
      positive: (pair) => row(kept[pair]!, slot),
      negative: (pair) => row(kept[pair]! + pairs.length, slot),
    }),
    neutral: params.method === "mean-centring" ? await readNeutral(params, layers, lab) : null,
  };
}

/** One side of all pairs, then the other. */
function textsOf(pairs: readonly ContrastPair[]): ContrastText[] {
  return [...pairs.map((pair) => pair.positive), ...pairs.map((pair) => pair.negative)];
}

/** Every neutral text counts alike. */
async function readNeutral(
  { site }: FromPairs,
  layers: number[],
  { read, materials }: Pick<Lab, "read" | "materials">,
): Promise<(slot: number) => Float64Array> {
  const texts = materials().texts.map(({ text }) => text);
  const { data, width } = await read({ texts, render: "raw", site, layers, readAt: "mean" });
  return (slot) =>
    mean(texts.map((_, text) => data.subarray((text * layers.length + slot) * width, (text * layers.length + slot + 1) * width)));
}
