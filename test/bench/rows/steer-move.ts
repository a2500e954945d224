/**
 * One move of three sliders: what goes between daemon and engine, and the processor time that both spend on it, from the
 * strengths to the rows of the model's tables. Everything is the real thing but the pipe, whose ends are both here: messages are
 * written and read as the pipe writes and reads them.
 */
import { deserialize, serialize } from "node:v8";
import { HeldPlans } from "../../../daemon/engine/steering/held.ts";
import { Steering } from "../../../daemon/engine/steering/steering.ts";
import type { FromEngine } from "../../../daemon/protocol/engine-api.ts";
import type { SentPlan } from "../../../daemon/protocol/plan.ts";
import { SteeringCompiler } from "../../../daemon/server/answers/steering.ts";
import { SentPlans } from "../../../daemon/server/engines/sent-plans.ts";
import type { LoadedEngine } from "../../../daemon/server/engines/slot.ts";
import { PresetStore } from "../../../daemon/store/presets.ts";
import { addModel, makeHome } from "../../support/daemon.ts";
import { artifactStore } from "../../support/store.ts";
import { median, quantile, round } from "../measure.ts";
import { feed, promptRows, withNative } from "../native.ts";
import { dragged, saveDirections, THREE } from "../service.ts";
import type { BenchContext, Figure, Row } from "../types.ts";

const ROUND = 60;

interface Moved {
  /** of the first request with the rack: all that is sent once */
  readonly first: number;
  /** of one move: the request, its answer, and the event that tells from which token on it shows */
  readonly bytes: number[];
  /** microseconds per move, one figure a round */
  readonly daemon: number[];
  readonly engine: number[];
}

export const steerBytes: Row = {
  id: "steer.bytes",
  title: "bytes between daemon and engine for a move of three sliders",
  bar: 4096,
  better: "lower",
  async run(bench) {
    const { bytes, first } = await moves(bench);
    return [{ ...figureOf(bytes), detail: `the first request with the rack: ${(first / 1024).toFixed(0)} kB` }];
  },
};

export const steerCpu: Row = {
  id: "steer.cpu",
  title: "processor time of a move of three sliders, daemon and engine together, ms",
  bar: 1,
  better: "lower",
  async run(bench) {
    const { daemon, engine } = await moves(bench);
    const both = daemon.map((micros, i) => (micros + engine[i]!) / 1000);
    return [{ ...figureOf(both), detail: `daemon ${round(median(daemon) / 1000)}, engine ${round(median(engine) / 1000)}` }];
  },
};

function figureOf(values: readonly number[]): Omit<Figure, "detail"> {
  return { value: median(values), n: values.length, spread: quantile(values, 0.75) - quantile(values, 0.25) };
}

async function moves(bench: BenchContext): Promise<Moved> {
  const home = makeHome();
  try {
    const stored = await addModel(home, bench.model.path);
    const artifacts = artifactStore(home.paths);
    saveDirections(artifacts, stored);
    const compiler = new SteeringCompiler(new PresetStore(home.paths), artifacts);
    return await withNative(bench, async (open) => {
      const context = open.context();
      const { facts, sites } = { facts: open.model.facts(), sites: open.model.sites() };
      const loaded = { model: stored, info: { facts, sites }, process: {} } as unknown as LoadedEngine;
      const [sent, held, steering] = [new SentPlans(), new HeldPlans(), new Steering(context, 16)];
      let number = 0;

      const ask = (): Buffer => {
        const controls = dragged(++number);
        const plan = sent.pack(compiler.edits({ rack: THREE, set: controls, preset: null }, loaded));
        return serialize({ type: "request", id: number, name: "steer", params: { id: "1:a", plan, controls } });
      };
      let before: { slots: readonly number[]; hold: ReturnType<Steering["hold"]> } | null = null;
      const take = (request: Buffer): Buffer[] => {
        const { params } = deserialize(request) as { params: { plan: SentPlan; controls: Record<string, number> } };
        const rows = held.open(params.plan);
        const hold = steering.hold(steering.needs(rows, [], []));
        const binding = steering.bind(0, rows)!;
        binding.apply(0, 1, 0);
        if (before !== null) {
          steering.unbind(before.slots);
          steering.release(before.hold);
        }
        before = { slots: binding.slots, hold };
        const { report } = rows;
        const result: FromEngine = { type: "result", id: number, result: { staged: true } };
        const news: FromEngine = {
          type: "event",
          name: "steering",
          params: { id: "1:a", token: number, controls: params.controls, steered: report },
        };
        return [serialize([result]), serialize([news])];
      };
      const decode = async (): Promise<number> => {
        context.seqRemove(0, 1, -1);
        return spent(() => feed(context, [{ ...promptRows(0, 2)[1]! }]));
      };

      await feed(context, promptRows(0, 1));
      const request = ask();
      const first = request.byteLength;
      take(request);
      const result: Moved = { first, bytes: [], daemon: [], engine: [] };
      for (let round = -3; round < 3 * bench.pairs; round++) {
        const requests: Buffer[] = [];
        const replies: Buffer[] = [];
        const asking = await spent(() => {
          for (let i = 0; i < ROUND; i++) requests.push(ask());
        });
        const taking = await spent(() => {
          for (const one of requests) replies.push(...take(one));
        });
        // what is staged is written into the tables by the next decode, so that one is compared with one that finds nothing staged
        const staged = (await decode()) - (await decode());
        const hearing = await spent(() => {
          for (const one of replies) deserialize(one);
        });
        // the compiler of the language is warm after some rounds
        if (round < 0) continue;
        const sum = (list: readonly Buffer[]): number => list.reduce((bytes, one) => bytes + one.byteLength, 0);
        result.bytes.push((sum(requests) + sum(replies)) / ROUND);
        result.daemon.push((asking + hearing) / ROUND);
        result.engine.push((taking + staged) / ROUND);
      }
      return result;
    });
  } finally {
    home.remove();
  }
}

/** Processor time of this process and all its threads, microseconds. */
async function spent(work: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return user + system;
}
