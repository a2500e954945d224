/** Entry of an engine process. It lives as long as its parent's channel; nothing else keeps or ends it. */
import type { ToEngine } from "../protocol/engine-api.ts";
import { TillerError } from "../protocol/errors.ts";
import { Engine } from "./engine.ts";
import { answer, emit, flushed, type Handlers } from "./ipc.ts";
import { StatsTicker } from "./loop/stats.ts";
import { estimateFile } from "./model/load.ts";

let loading: Promise<Engine> | null = null;
let engine: Engine | null = null;
let leaving: Promise<void> | null = null;

function loaded(): Engine {
  if (engine === null) throw new TillerError("conflict", "no model is loaded in this engine");
  return engine;
}

const handlers: Handlers = {
  load: async (params) => {
    if (loading !== null) throw new TillerError("conflict", "this engine has a model already");
    loading = Engine.load(params, emit);
    try {
      engine = await loading;
    } catch (error) {
      loading = null;
      throw error;
    }
    new StatsTicker(engine.loop, emit).start();
    return engine.model;
  },
  estimate: ({ path, options }) => estimateFile(path, options),
  generate: (params) => loaded().answers.generate(params),
  cancel: (params) => loaded().cancel(params),
  steer: (params) => loaded().answers.steer(params),
  tokenize: async (params) => loaded().tokenize(params),
  detokenize: async (params) => loaded().detokenize(params),
  vocabulary: async () => loaded().prompts.vocabulary(),
  template: async (params) => loaded().prompts.setTemplate(params.source),
  render: async (params) => loaded().prompts.render(params),
  tap: (params) => loaded().tap(params),
  watch: (params) => loaded().watch(params),
  unwatch: (params) => loaded().unwatch(params),
  collect: (params) => loaded().measurements.collect(params),
  accumulate: (params) => loaded().measurements.accumulate(params),
  weights: async (params) => loaded().weights(params),
  study: (params) => loaded().measurements.study(params),
  encode: (params) => loaded().encode(params),
  pieces: async (params) => loaded().pieces(params),
  likelihood: (params) => loaded().measurements.likelihood(params),
  gradient: (params) => loaded().gradient(params),
  judged: async (params) => loaded().answers.judged(params),
  controlled: (params) => loaded().measurements.controlled(params),
  drain: async () => {
    await engine?.drain();
    return { drained: true };
  },
};

/** Lets running answers end with what they have, then exits. */
function leave(): Promise<void> {
  leaving ??= (async () => {
    await engine?.drain();
    await engine?.close();
    await flushed();
    process.exit(0);
  })();
  return leaving;
}

process.on("message", (message: ToEngine) => {
  answer(message, handlers).then(() => {
    if (message.name === "drain") return leave();
  }, fatal);
});
process.on("disconnect", leave);
process.on("SIGTERM", leave);
// The terminal's interrupt goes to the whole group; the daemon decides what becomes of its engines.
process.on("SIGINT", () => {});
process.on("uncaughtException", fatal);

function fatal(error: unknown): void {
  process.stderr.write(`engine: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}

emit("ready", { pid: process.pid });
