/** The lab of one run: what an experiment may ask of its model and of the stores, and what is kept of it. */
import type { CompileModel, FoundArtifact } from "../../compiler/types.ts";
import { clusterEstimate } from "../../evaluate/receipts/clusters.ts";
import { scoresOf } from "../../evaluate/receipts/judging.ts";
import { prepare } from "../../experiments/ask.ts";
import { experimentOf } from "../../experiments/index.ts";
import type { Asks, Experiment, Gets, Lab, Outcome, TargetModel } from "../../methods/contract.ts";
import type { Artifact } from "../../protocol/artifact.ts";
import { type EngineRequestName, PLAIN_RENDER } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { Numerics } from "../../protocol/numerics.ts";
import { buildId } from "../../store/build-id.ts";
import { taken } from "./artifact-id.ts";
import type { RunDeps } from "./deps.ts";

/** The run's side of a lab: its engine and its messages. */
export interface Bench {
  readonly job: { readonly id: string; readonly created: string };
  readonly model: CompileModel | null;
  readonly numerics: Numerics | null;
  readonly target: TargetModel | null;
  readonly signal: AbortSignal;
  progress(fraction: number, message: string): void;
  note(text: string): void;
  /** asks the engine in this run's name */
  ask<N extends EngineRequestName>(name: N, request: Asks<N>, onProgress?: (fraction: number) => void): Promise<Gets<N>>;
}

/** A gradient that asks for nothing. */
const NO_GRADIENT: Asks<"gradient"> = {
  ...{ messages: null, prompt: null, tokens: null, head: null, embeddings: null },
  ...{ answers: [], states: [], shifts: [], wants: [] },
};

/** @param part names this run among those of one job: experiments that are parts of others keep their own checkpoints */
export function makeLab(experiment: Experiment, bench: Bench, deps: RunDeps, part = experiment.id, from = 0, to = 1): Lab {
  const { library, store } = deps;
  const { job, signal } = bench;
  const progress = (fraction: number, message: string): void => bench.progress(from + fraction * (to - from), message);
  const ofEngine = <T>(part: T | null): T => {
    if (part !== null) return part;
    throw new TillerError("internal", `${experiment.id} runs without an engine`);
  };
  return {
    ...library,
    get model() {
      return ofEngine(bench.model);
    },
    get numerics() {
      return ofEngine(bench.numerics);
    },
    target: bench.target,
    created: job.created,
    job: job.id,
    build: buildId(),
    signal,
    progress,
    note: bench.note,
    read: (request, onProgress) => bench.ask("collect", request, onProgress),
    tap: (request) => bench.ask("tap", request),
    accumulate: (request, onProgress) => bench.ask("accumulate", request, onProgress),
    weights: (request) => bench.ask("weights", request),
    encode: async (texts) => (await bench.ask("encode", { texts: [...texts] })).tokens,
    render: async (messages) =>
      (await bench.ask("render", { messages: [...messages], options: { ...PLAIN_RENDER, thinking: false } })).tokens,
    ends: async () => (await bench.ask("vocabulary", {})).ends,
    pieces: async (tokens) => (await bench.ask("pieces", { tokens: [...tokens] })).pieces,
    study: (request, onProgress) => bench.ask("study", request, onProgress),
    likelihood: (request, onProgress) => bench.ask("likelihood", request, onProgress),
    controlled: (request) => bench.ask("controlled", request),
    gradient: (request) => bench.ask("gradient", { ...NO_GRADIENT, ...request }),
    scores: async (choice, texts) => {
      const judge = library.judge(choice.id);
      await judge.probe?.(signal);
      return scoresOf(judge, choice, texts, signal);
    },
    interval: (clusters) => clusterEstimate(clusters),
    resume: () => {
      if (experiment.checkpoint === undefined) return null;
      const kept = store.loadPart(job.id)?.[part];
      const parsed = experiment.checkpoint.safeParse(kept);
      return parsed.success ? parsed.data : null;
    },
    keep: (checkpoint) => {
      // A full disk costs what a restart would need, not hours of work: the store holds in memory what it could not write.
      try {
        store.savePart(job.id, { ...store.loadPart(job.id), [part]: checkpoint });
      } catch (error) {
        deps.log.error(`job ${job.id}: ${TillerError.from(error).message}`);
      }
    },
    save: (found, replace) => keepMade(found, replace, job.created, deps, signal),
    saveReceipt: deps.saveReceipt,
    run: (id, params, [start, end]): Promise<Outcome> => {
      const other = experimentOf(id);
      const span = to - from;
      return other.run(
        prepare(other, params, library),
        makeLab(other, bench, deps, `${part} ${id}`, from + start * span, from + end * span),
      );
    },
  };
}

/** What took the id while the job ran stays, unless it is what this very job had saved before a restart. */
function keepMade(found: FoundArtifact, replace: boolean, created: string, { library, save }: RunDeps, signal: AbortSignal): Artifact {
  signal.throwIfAborted();
  const { id } = found.meta;
  const there = replace ? undefined : library.artifact(id)?.meta;
  if (there !== undefined && there.provenance.created !== created) throw taken(id);
  return save(found);
}
