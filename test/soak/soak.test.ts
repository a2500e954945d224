/**
 * A daemon that many kinds of clients use at once while its engines are killed and stopped and models come and go. Three minutes, or as many as
 * TILLER_SOAK_MINUTES says.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "mocha";
import { childrenOf, startTestDaemon, type TestDaemon, TURN_MS } from "../support/daemon.ts";
import { connect, type RpcClient, RpcError } from "../support/rpc.ts";
import { skip } from "../support/shared.ts";
import { addRandomModel, LONG, makeSteeredHome, QUICK } from "../support/steered-home.ts";
import { type Counts, KINDS, type Soak } from "./clients.ts";

const MINUTES = Number(process.env["TILLER_SOAK_MINUTES"] ?? 3);
const CLIENTS = 32;
/** Within minutes a young process still grows into its heap; over an hour it does not. */
const MOST_GROWTH = MINUTES >= 30 ? 0.05 : 0.25;
const CHAOS_MS = 6000;
/** An engine is stopped for so long. */
const STOPPED_MS = 2500;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function residentMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) / 1024;
}

describe("soak", function () {
  this.timeout((MINUTES + 5) * 60_000);
  let daemon: TestDaemon;
  let rpc: RpcClient;
  let model: string;
  let second: string;
  let preset: string;

  before(async function () {
    if (process.platform !== "linux") skip(this, "finds engines through /proc");
    const made = await makeSteeredHome(LONG);
    model = made.model.id;
    second = (await addRandomModel(made.home, "second", { ...LONG, seed: 2 })).id;
    daemon = await startTestDaemon({ home: made.home });
    daemon.turnMs = TURN_MS;
    rpc = await connect(daemon.url, { token: daemon.token });
    await rpc.call("model.load", { model, options: QUICK });
    preset = "shift";
  });
  after(async () => {
    await rpc?.close();
    await daemon?.dispose();
  });

  it(`${CLIENTS} clients of ${Object.keys(KINDS).length} kinds: every request has an answer or an error in words, whatever becomes of the engines`, async () => {
    const end = Date.now() + MINUTES * 60_000;
    const over = () => Date.now() > end;
    const kinds = Object.entries(KINDS);
    const counts: Record<string, Counts> = Object.fromEntries(kinds.map(([name]) => [name, { answered: 0, refused: {}, silent: [] }]));
    const soak: Soak = { daemon, model, preset, over, counts };
    const memory: number[] = [];
    const chaos = { killed: 0, stopped: 0, loaded: 0 };
    const upset = async (): Promise<void> => {
      for (let turn = 0; !over(); turn++) {
        await sleep(CHAOS_MS);
        const [engine] = childrenOf(daemon.pid);
        if (turn % 3 === 0 && engine !== undefined) {
          process.kill(engine, "SIGKILL");
          chaos.killed++;
        } else if (turn % 3 === 1 && engine !== undefined) {
          process.kill(engine, "SIGSTOP");
          await sleep(STOPPED_MS);
          // it may have been ended meanwhile, for taking no notice
          if (childrenOf(daemon.pid).includes(engine)) process.kill(engine, "SIGCONT");
          chaos.stopped++;
        } else {
          await rpc.call("model.load", { model: second, options: QUICK });
          await rpc.call("model.unload", { model: second });
          chaos.loaded++;
        }
      }
    };
    const watch = async (): Promise<void> => {
      for (; !over(); await sleep(500)) memory.push(residentMb(daemon.pid));
    };
    const clients = Array.from({ length: CLIENTS }, (_, client) => {
      const [name, kind] = kinds[client % kinds.length]!;
      return kind(soak, client, counts[name]!);
    });
    await Promise.all([...clients, upset(), watch()]);

    const lowest = (from: number, to: number) => Math.min(...memory.slice(Math.floor(from * memory.length), Math.ceil(to * memory.length)));
    const growth = lowest(0.8, 1) / lowest(0.3, 0.5) - 1;
    const requests = Object.values(counts).reduce(
      (sum, { answered, refused }) => sum + answered + Object.values(refused).reduce((a, b) => a + b, 0),
      0,
    );
    console.log(
      `      ${MINUTES} minutes: ${requests} requests, engine killed ${chaos.killed} and stopped ${chaos.stopped} times, a model loaded ${chaos.loaded} times; daemon ${lowest(0.3, 0.5).toFixed(0)} to ${lowest(0.8, 1).toFixed(0)} MB`,
    );
    for (const [name, { answered, refused }] of Object.entries(counts))
      console.log(`      ${name}: ${answered} answered, ${JSON.stringify(refused)}`);
    for (const [name, { answered, silent }] of Object.entries(counts)) {
      assert.deepEqual(silent, [], name);
      assert.ok(answered > 0, `${name}: nothing was answered`);
    }
    assert.ok(chaos.killed > 0 && chaos.stopped > 0 && chaos.loaded > 0);
    assert.ok(growth <= MOST_GROWTH, `the daemon grew by ${(100 * growth).toFixed(1)} %`);
    // and all is as it was, once the last engine that was killed is back
    const last = async (): Promise<string> => {
      const asked = { model, stream: "last", messages: [{ role: "user", content: "go" }], sampling: { maxTokens: 3 } };
      try {
        return (await rpc.answer("generate.chat", asked)).reason;
      } catch (error) {
        if (error instanceof RpcError && error.code === "engine-crashed") return last();
        throw error;
      }
    };
    assert.match(await last(), /^(length|end)$/);
    const { running, queued } = await rpc.call("daemon.status", {});
    assert.deepEqual([running, queued], [0, 0]);
  });
});
