/** Layers of a direction that is being found, chosen on training questions that the trial direction was not found from. */
import { setImmediate as immediate } from "node:timers/promises";
import type { LoadedArtifact } from "../../../compiler/types.ts";
import type { Separation } from "../../shared/separation.ts";
import { estimatorOf } from "../estimator.ts";
import type { FromPairs } from "../experiments/pairs-params.ts";
import type { FindLab } from "../find-lab.ts";
import type { Split } from "../questions.ts";
import type { PairReadings } from "../read-pairs.ts";
import { type Choice, chooseByEffect } from "./choose.ts";
import { type JudgeTexts, judged, neutralTexts, promptsOf, readBack } from "./material.ts";
import { scorable } from "./sweep.ts";

export interface ByEffect {
  readonly params: FromPairs;
  readonly readings: PairReadings;
  readonly split: Split;
  readonly usual: readonly number[];
  readonly judge: JudgeTexts | undefined;
}

/** Folds of the training questions that choose; the others give the trial direction. */
const CHOOSING = 2;
const FEWEST_PAIRS = 4;
const PAIRS = 8;

/** @returns the choice, or why there is none */
export async function byEffect(
  input: ByEffect,
  lab: FindLab,
  progress: (fraction: number, what: string) => void,
): Promise<Choice | string> {
  const { params, readings, split, usual } = input;
  const choosing = split.folds.slice(0, CHOOSING).flat();
  const learning = split.folds.slice(CHOOSING).flat();
  const pairs = choosing.map((index) => readings.pairs[index]!);
  const fits = pairs.every(({ positive, negative }) => scorable(positive, params.render) && scorable(negative, params.render));
  if (params.site !== "resid") return `what is done at ${params.site} is not compared by its effect`;
  if (!fits) return "the pairs are turns without an answer, whose likelihood would be measured";
  if (Math.min(learning.length, choosing.length) < FEWEST_PAIRS)
    return `${split.train.length} training pairs are too few to find a trial direction from one part and try it on the other`;
  const trial = await trialOf(input, learning, lab);
  const middle = trial.found[Math.floor(trial.found.length / 2)]!;
  const choice = await chooseByEffect(
    {
      artifact: trial.artifact,
      live: readings.layers,
      usual,
      texts: { pairs: pairs.slice(0, PAIRS), neutral: neutralTexts(lab) },
      prompts: promptsOf(pairs, lab),
      seed: params.seed,
      shown:
        input.judge === undefined
          ? readBack(readings.layers[Math.floor(trial.found.length / 2)]!, middle, params.site, lab)
          : judged(input.judge),
    },
    lab,
    progress,
  );
  return choice ?? "the trial direction moved nothing at any layer before text suffered";
}

async function trialOf(
  { params, readings }: ByEffect,
  learning: readonly number[],
  { model, created }: FindLab,
): Promise<{ artifact: LoadedArtifact; found: Separation[] }> {
  const { layers, width } = readings;
  const vector = new Float32Array(model.facts.layers * width);
  const mid = new Float32Array(model.facts.layers);
  const found: Separation[] = [];
  for (const [slot, layer] of layers.entries()) {
    const { positive, negative } = readings.at(slot);
    const one = estimatorOf(params, readings, slot)(learning.map(positive), learning.map(negative));
    vector.set(one.vector, layer * width);
    mid[layer] = one.mid;
    found.push(one);
    await immediate();
  }
  const nothing = "0".repeat(64);
  const meta: LoadedArtifact["meta"] = {
    tiller: 2,
    id: params.id,
    kind: "direction",
    title: params.id,
    description: "",
    method: { id: "directions/trial", version: 1, params: {} },
    model: {
      architecture: model.facts.architecture,
      fingerprint: model.fingerprint,
      quantisation: model.quantisation,
      layers: model.facts.layers,
      width: model.facts.width,
      ...(model.facts.rope === null ? {} : { rope: model.facts.rope }),
    },
    provenance: { created, seed: params.seed, inputs: [], source: "" },
    data: { file: "data.safetensors", sha256: nothing },
    body: { site: params.site, layers: [...layers], probeLayer: layers[0]!, pairs: learning.length, heldOut: 0, quality: [] },
    hash: nothing,
    receipts: [],
  };
  const tensors = new Map([
    ["vector", { shape: [model.facts.layers, width], data: vector }],
    ["mid", { shape: [model.facts.layers], data: mid }],
  ]);
  return { artifact: { meta, tensors }, found };
}
