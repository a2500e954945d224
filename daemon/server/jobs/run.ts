/** One run of a job: its engine, what ends it, and how far it is. A job that goes on later gets another run. */

import { problemOf } from "../../experiments/entries.ts";
import { experimentOf } from "../../experiments/index.ts";
import type { Asks, Experiment, Gets } from "../../methods/contract.ts";
import type { Job } from "../../protocol/api/library.ts";
import type { EngineEvents, EngineRequestName, EngineRequests } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { Report } from "../../protocol/report.ts";
import type { StoredJob } from "../../store/jobs.ts";
import type { StoredModel } from "../../store/models.ts";
import { compileModel } from "../answers/steering.ts";
import type { UsedEngine } from "../engines/supervisor.ts";
import { fixed } from "./asked.ts";
import { lacksOf } from "./capabilities.ts";
import type { RunDeps } from "./deps.ts";
import { type Bench, makeLab } from "./lab.ts";

const NOTIFY_MS = 200;
/** Before so much is done, the time that it took says little about the rest. */
const KNOWN_FROM = 0.02;

export class JobRun {
  readonly id: string;
  /** of this run alone: the engine may still be ending what an earlier one of the job asked for */
  readonly #name: string;
  readonly #deps: RunDeps;
  readonly #tell: (change: Partial<Job>) => void;
  readonly #stop = new AbortController();
  #engine: UsedEngine | null = null;
  #onFraction: ((fraction: number) => void) | null = null;
  /** when the first progress was told, and where it stood: a job that goes on does not begin at 0 */
  #began: { readonly at: number; readonly fraction: number } | null = null;
  #told = 0;
  #note = "";

  /** @param count how many runs there were; @param tell is given progress, a few times a second */
  constructor(id: string, count: number, deps: RunDeps, tell: (change: Partial<Job>) => void) {
    this.id = id;
    this.#name = `job:${id}:${count}`;
    this.#deps = deps;
    this.#tell = tell;
  }

  /** Why it was told to end; null when nobody did. */
  get stopped(): TillerError | null {
    return this.#stop.signal.aborted ? (this.#stop.signal.reason as TillerError) : null;
  }

  stop(why: TillerError): void {
    this.#stop.abort(why);
    this.#engine?.process.request("cancel", { id: this.#name }).catch(() => undefined);
  }

  onEngineEvent(event: EngineEvents["collectProgress"]): void {
    if (event.id === this.#name) this.#onFraction?.(event.fraction);
  }

  /** @returns the artifact that was made or measured, whether there is a report, and what is to be said at the end */
  async work(stored: StoredJob): Promise<{ result: string | null; report: boolean; message: string }> {
    const experiment = experimentOf(stored.experiment);
    const { supervisor } = this.#deps;
    const model = stored.model === null ? null : await supervisor.find(stored.model);
    const engine = experiment.engine ? await supervisor.acquire(model!) : null;
    this.#engine = engine;
    try {
      this.#stop.signal.throwIfAborted();
      const problem = engine === null ? null : problemOf(experiment, lacksOf(engine.info));
      if (problem !== null) throw new TillerError("not-supported", `${experiment.title}: ${problem}`, { field: "model" });
      const params = fixed(experiment, stored, this.#deps.library);
      const { artifact, report } = await experiment.run(params, makeLab(experiment, this.#bench(stored, model, engine), this.#deps));
      this.#stop.signal.throwIfAborted();
      const lost = report === undefined ? null : this.#keep(report, stored, experiment, model);
      return { result: artifact, report: report !== undefined && lost === null, message: `done${this.#note}${lost ?? ""}` };
    } finally {
      engine?.release();
    }
  }

  /** What was found stands without its report. @returns what is to be said where that could not be written */
  #keep(
    blocks: readonly Report["blocks"][number][],
    { job }: StoredJob,
    { id, title }: Experiment,
    model: StoredModel | null,
  ): string | null {
    try {
      this.#deps.saveReport({
        version: 1,
        title: `${title}: ${job.about}`.slice(0, 200),
        experiment: id,
        job: job.id,
        model: model?.id ?? null,
        created: job.created,
        blocks: [...blocks],
      });
      return null;
    } catch (error) {
      if (!(error instanceof TillerError && error.code === "storage-failed")) throw error;
      return ` (its report is not saved: ${error.message})`;
    }
  }

  #bench({ job }: StoredJob, model: StoredModel | null, engine: UsedEngine | null): Bench {
    const { signal } = this.#stop;
    const id = this.#name;
    const running = (): UsedEngine => {
      if (engine !== null) return engine;
      throw new TillerError("internal", "this experiment runs without an engine");
    };
    return {
      job,
      model: engine === null ? null : compileModel(engine),
      numerics: engine?.info.numerics ?? null,
      target: model,
      signal,
      note: (text) => {
        this.#note = ` (${text})`;
      },
      progress: (fraction, message) => this.#progress(fraction, message),
      ask: <N extends EngineRequestName>(
        name: N,
        request: Asks<N>,
        onFraction: ((fraction: number) => void) | undefined,
      ): Promise<Gets<N>> => {
        signal.throwIfAborted();
        this.#onFraction = onFraction ?? null;
        // the run's own names, whichever of them the request has
        const named = { id, client: id, ...request } as unknown as EngineRequests[N][0];
        return untilAborted(running().process.request(name, named), signal);
      },
    };
  }

  #progress(fraction: number, message: string): void {
    const now = Date.now();
    if (now - this.#told < NOTIFY_MS) return;
    this.#told = now;
    this.#began ??= { at: now, fraction };
    const { at, fraction: before } = this.#began;
    const eta = fraction - before > KNOWN_FROM ? ((now - at) / 1000) * ((1 - fraction) / (fraction - before)) : null;
    this.#tell({ fraction: Math.min(Math.max(fraction, 0), 1), message: `${message}${this.#note}`, eta });
  }
}

/** A run asks hundreds of times under one signal, so each question takes its listener off again. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
