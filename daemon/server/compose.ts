/** Makes the parts of a daemon and joins them: stores, supervisor, sessions, jobs, metrics. */
import { checkBody } from "../methods/index.ts";
import type { EngineEvents } from "../protocol/engine-api.ts";
import { ArtifactStore } from "../store/artifacts.ts";
import type { Config } from "../store/config.ts";
import { EvaluationStore } from "../store/evaluations.ts";
import { Grants } from "../store/grants.ts";
import { JobStore } from "../store/jobs.ts";
import { ModelStore } from "../store/models.ts";
import type { StorePaths } from "../store/paths.ts";
import { PresetStore } from "../store/presets.ts";
import { ReportStore } from "../store/reports.ts";
import { TemplateStore } from "../store/templates.ts";
import { ThreadCache } from "../store/thread-cache.ts";
import { TokenStore } from "../store/tokens.ts";
import { LiveTaps } from "./answers/activation-streams.ts";
import { checkRewardJudges, judgeCandidates } from "./answers/reward-judges.ts";
import { Sessions } from "./answers/sessions.ts";
import { SteeringCompiler } from "./answers/steering.ts";
import type { DaemonContext } from "./context.ts";
import { Downloads } from "./engines/downloads.ts";
import { readHeaderApart } from "./engines/header-reader.ts";
import { Supervisor } from "./engines/supervisor.ts";
import { Judges } from "./jobs/judges.ts";
import { libraryOf } from "./jobs/library.ts";
import { JobRunner } from "./jobs/queue.ts";
import type { Log } from "./log.ts";
import { Metrics } from "./metrics.ts";
import { PageSessions } from "./transport/page-sessions.ts";
import type { SocketEnd } from "./transport/socket.ts";

export interface Wiring {
  readonly context: DaemonContext;
  attach(sockets: SocketEnd): void;
  onStop(stop: (reason: string) => void): void;
}

export interface ContextOptions {
  readonly paths: StorePaths;
  readonly config: Config;
  readonly log: Log;
  readonly version: string;
}

export function createContext({ paths, config, log, version }: ContextOptions): Wiring {
  let sockets: SocketEnd | null = null;
  let stop: (reason: string) => void = () => undefined;
  const metrics = new Metrics();
  const models = new ModelStore(paths, readHeaderApart);
  const presets = new PresetStore(paths);
  const artifacts = new ArtifactStore(paths, checkBody, config.limits);
  const reports = new ReportStore(paths.jobs);
  const evaluations = new EvaluationStore(paths, (message) => log.warn(message));
  const judges = new Judges(paths.shipped, config.judges);
  const steering = new SteeringCompiler(presets, artifacts, (decoding) => checkRewardJudges(decoding, judges));
  const live = new LiveTaps();
  const templates = new TemplateStore(paths.templates);
  const supervisor: Supervisor = new Supervisor(
    models,
    config,
    {
      modelChanged: (model) => sockets?.broadcast("model.changed", { model }),
      loadProgress: (model, fraction) => sockets?.broadcast("model.progress", { model, phase: "load", fraction }),
      crashed: (model) => metrics.crashed(model),
      template: (model) => templates.read(model),
      engine: (model, event) => {
        if (event.name === "live") live.deliver(event.params);
        else if (event.name === "collectProgress") jobs.onEngineEvent(event.params);
        else if (event.name === "judge") void answerJudges(model, event.params);
        else if (event.name === "started" || event.name === "tokens" || event.name === "steering") sessions.onEngineEvent(model, event);
      },
    },
    new ThreadCache(paths.threadCache),
    log,
  );
  const answerJudges = async (model: string, asked: EngineEvents["judge"]): Promise<void> => {
    const judged = await judgeCandidates(asked, judges);
    // an engine that has gone meanwhile waits for nothing
    await supervisor
      .loaded(model)
      ?.process.request("judged", judged)
      .catch(() => undefined);
  };
  const sessions = new Sessions(supervisor, steering, metrics, { ...config.limits, ...config.engine });
  sessions.hooks = live;
  const library = libraryOf({ artifacts, steering, judges, evaluations });
  const jobs = new JobRunner({
    store: new JobStore(paths.jobs, (message) => log.warn(message)),
    supervisor,
    library,
    save: (found) => artifacts.save(found),
    saveReceipt: (receipt) => artifacts.saveReceipt(receipt),
    saveReport: (report) => reports.save(report),
    changed: (job) => sockets?.broadcast("job.changed", job),
    log,
  });
  const context: DaemonContext = {
    version,
    startedAt: Date.now(),
    paths,
    config,
    log,
    metrics,
    models,
    presets,
    artifacts,
    evaluations,
    reports,
    library,
    judges,
    templates,
    tokens: new TokenStore(paths.tokens),
    pages: new PageSessions(),
    grants: new Grants(paths.grants),
    supervisor,
    steering,
    sessions,
    live,
    jobs,
    downloads: new Downloads(paths.downloads, config.limits.downloadBytes, log),
    clients: () => sockets?.size ?? 0,
    disconnectToken: (id) => sockets?.disconnectToken(id),
    stop: (reason) => stop(reason),
  };
  metrics.live = () => ({
    clients: sockets?.size ?? 0,
    waitingBytes: sockets?.waitingBytes ?? 0,
    models: supervisor.slots().map((slot) => ({
      model: slot.model.id,
      ...sessions.count(slot.model.id),
      loaded: slot.loaded !== null,
      tokensPerSecond: slot.stats?.tokensPerSecond ?? 0,
      kvUsed: slot.stats?.kvUsed ?? 0,
    })),
  });
  return {
    context,
    attach: (end) => {
      sockets = end;
    },
    onStop: (action) => {
      stop = action;
    },
  };
}
