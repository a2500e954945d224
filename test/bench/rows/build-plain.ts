/** Plain decoding with the rebuilt libllama against the untouched prebuilt one, both through node-llama-cpp, in two processes. */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { REPOSITORY } from "../../support/shared.ts";
import { compare, lengthFor } from "../measure.ts";
import type { FromPlain, PlainStart, ToPlain } from "../plain-process.ts";
import type { Row } from "../types.ts";

const MAIN = join(REPOSITORY, "out", "test", "bench", "plain-process.js");

class Plain {
  readonly child: ChildProcess = fork(MAIN, [], { stdio: ["ignore", "ignore", "inherit", "ipc"] });

  static async start(options: PlainStart): Promise<Plain> {
    const plain = new Plain();
    const reply = await plain.ask({ start: options });
    const expected = options.build === "ours" ? "localBuild" : "prebuilt";
    if (!("ready" in reply) || reply.ready !== expected) {
      plain.stop();
      throw new Error(`node-llama-cpp took the build '${"ready" in reply ? reply.ready : "none"}' where '${expected}' was asked for`);
    }
    return plain;
  }

  async decode(steps: number): Promise<number> {
    const reply = await this.ask({ steps });
    if (!("perSecond" in reply)) throw new Error("the process answered something else");
    return reply.perSecond;
  }

  async ask(message: ToPlain): Promise<FromPlain> {
    const reply = await new Promise<FromPlain>((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`the measuring process ended with ${code}`));
      this.child.once("exit", ended);
      this.child.once("message", (answer) => {
        this.child.off("exit", ended);
        resolve(answer as FromPlain);
      });
      this.child.send(message);
    });
    if ("failed" in reply) throw new Error(reply.failed);
    return reply;
  }

  stop(): void {
    this.child.kill("SIGKILL");
  }
}

export const buildPlain: Row = {
  id: "build.plain",
  title: "rebuilt libllama plain / prebuilt plain",
  bar: 0.98,
  better: "higher",
  async run(bench) {
    const { model } = bench;
    // node-llama-cpp has no thread pool: several threads are started anew for every graph, and that is all that would be measured
    const threads = 1;
    const ours = await Plain.start({ build: "ours", path: model.path, threads });
    try {
      const prebuilt = await Plain.start({ build: "prebuilt", path: model.path, threads });
      try {
        const steps = lengthFor(bench, await prebuilt.decode(8), 16, 800);
        return [await compare(bench, { ours: () => ours.decode(steps), base: () => prebuilt.decode(steps) })];
      } finally {
        prebuilt.stop();
      }
    } finally {
      ours.stop();
    }
  },
};
