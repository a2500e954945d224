/**
 * A guideline in plain words, trained into a prefix: what the search finds for some prompts becomes rows that stand in front of any
 * prompt. Measured on prompts that neither trained it nor chose when to stop.
 */
import type { FoundArtifact } from "../../compiler/types.ts";
import type { Experiment, Lab } from "../contract.ts";
import { hashJson } from "../shared/hash.ts";
import { tokensOf } from "../shared/params.ts";
import { type Kept, packProgress, TrainingSchema, unpackProgress } from "./checkpoint.ts";
import { mustBePrefix } from "./compose.ts";
import { foundPrefix } from "./found.ts";
import { guidelineOf, suffixes } from "./guidelines.ts";
import { measurePrefix } from "./measure.ts";
import type { Controller } from "./objectives.ts";
import { type Train, TrainSchema } from "./params.ts";
import { prefixReport } from "./prefix-report.ts";
import { gainsOf } from "./report.ts";
import { scoreOf } from "./score.ts";
import { each } from "./search.ts";
import { tokensOfSearch } from "./search-experiment.ts";
import { planOf, written } from "./serve.ts";
import { residualsOf, startOf } from "./start.ts";
import { examplesOf, searched } from "./targets.ts";
import { type Progress, split, train, userTurn } from "./train.ts";

export const trainPrefix: Experiment<Train, Kept> = {
  id: "self-control/prefix",
  title: "Self-control: train a prefix",
  summary:
    "Rows that are read in front of every prompt, trained until the model's own answers follow a guideline in plain words. Measured on other prompts, beside prompting, the search and random rows of equal norm.",
  params: TrainSchema,
  checkpoint: TrainingSchema,
  produces: ["artifact", "report"],
  needs: ["gradients", "chat-template"],
  engine: true,
  about: ({ id }) => id,
  makes: ({ id, replace }) => ({ id, replace }),
  prepare: (asked: Train) => {
    mustBePrefix(asked.id, "id");
    return asked;
  },
  estimate: (params, { layers, width }) => {
    const { prompts, epochs, maxTokens, objective, compareSearch, suffixes: count } = params;
    const prompt = Math.max(...prompts.map(tokensOf)) + 20 + params.rows;
    const part = Math.max(1, Math.round(prompts.length / 5));
    const trained = prompts.length - 2 * part;
    const scored = (prompt + maxTokens + 40) * count;
    const search = tokensOfSearch(prompt, maxTokens, params);
    const searches = (objective === "score" ? 0 : trained) + (compareSearch ? part : 0);
    const each = trained * 4 * (objective === "score" ? scored : prompt + maxTokens) + part * (prompt + maxTokens + scored);
    return { tokens: searches * search + epochs * each + part * 6 * (prompt + maxTokens + 2 * scored), bytes: scored * layers * width * 8 };
  },
  run: async (params, lab) => {
    const parts = split(params.prompts, params.seed);
    const { guideline } = guidelineOf(params);
    const asked = suffixes(guideline, params.suffixes);
    let kept: Kept = lab.resume() ?? { found: [], progress: null, measured: [] };
    const keep = (changes: Partial<Kept>): void => {
      kept = { ...kept, ...changes };
      lab.keep(kept);
    };
    const { controller: start, at, text } = await startOf(params, lab);
    const residuals = await residualsOf(start.layers, lab);
    const targets = await searched(parts.train, asked.searched, params, lab, kept.found, (found) => keep({ found: [...found] }));
    const artifactOf = (controller: Controller) => artifact(params, lab, { controller, start, text });
    const score = async (controller: Controller): Promise<number> => {
      const prompts = parts.choose.map(userTurn);
      const texts = await written(
        [planOf(artifactOf(controller), lab)],
        prompts.map((prompt) => ({ prompt, plan: 0 })),
        params.maxTokens,
        lab,
      );
      const scores = await each(prompts, (prompt) => scoreOf(prompt, texts[prompts.indexOf(prompt)]!, asked.searched, lab));
      return scores.reduce((sum, one) => sum + one, 0) / scores.length;
    };
    const progress = await train(
      start,
      params,
      {
        ...{ lab, at, residuals, score },
        examples: (controller) => examplesOf(parts.train, targets, asked.searched, params, planOf(artifactOf(controller), lab), lab),
        told: (now, done) => {
          if (Number.isInteger(done)) keep({ progress: packProgress(now) });
          lab.progress(0.3 + (0.5 * done) / Math.max(1, params.epochs), said(now, params));
        },
      },
      kept.progress === null ? null : unpackProgress(kept.progress),
    );
    const found = artifactOf(progress.best.controller);
    const measured = await measurePrefix(parts.measure, { found, start: artifactOf(start) }, params, lab, kept.measured, (done) =>
      keep({ measured: [...done] }),
    );
    const { value: gain } = lab.interval(gainsOf(measured.done, "prefix", "heldOut").map((one) => [one]));
    const body = { ...found.meta.body, gain, prompts: measured.done.length };
    const saved = lab.save({ ...found, meta: { ...found.meta, body } }, params.replace);
    return { artifact: saved.id, report: prefixReport(params, progress, measured, lab.interval) };
  },
};

function said({ history, best }: Progress, { epochs }: Train): string {
  const last = history.at(-1)!;
  const loss = last.loss === null ? "" : ` loss ${last.loss.toFixed(3)},`;
  return `epoch ${last.epoch} of at most ${epochs}:${loss} own score ${last.score.toFixed(2)}, best ${best.score.toFixed(2)} (epoch ${best.epoch})`;
}

function artifact(
  params: Train,
  lab: Pick<Lab, "model" | "created">,
  { controller, start, text }: { controller: Controller; start: Controller; text: string },
): FoundArtifact {
  const { model } = lab;
  const { facts, fingerprint, quantisation } = model;
  const { guideline } = guidelineOf(params);
  const { id, title = id.split("/")[1]!, description = `The answer ${guideline}.`, prompts, replace: _, ...rest } = params;
  return foundPrefix({
    ...{ id, title, description },
    method: { id: "self-control/prefix", version: 1, params: rest },
    model: {
      ...{ architecture: facts.architecture, fingerprint, quantisation },
      ...(facts.rope === null ? {} : { rope: facts.rope }),
      ...{ layers: facts.layers, width: facts.width },
    },
    provenance: {
      created: lab.created,
      seed: params.seed,
      inputs: [{ name: "prompts", hash: hashJson(prompts), count: prompts.length, licence: params.licence ?? "not stated" }],
      source: params.source ?? "",
    },
    body: { rows: controller.rows, layers: [...controller.layers], start: text, guideline, gain: null, prompts: 0 },
    rows: controller.values,
    start: start.values,
    shifts: controller.shifts,
  });
}
