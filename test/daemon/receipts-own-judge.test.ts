import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, it } from "mocha";
import type { JudgeEntry } from "../../daemon/protocol/api/library.ts";
import { Cli } from "../support/cli.ts";
import { makeHome, runDaemon, startTestDaemon } from "../support/daemon.ts";
import { asked, measure, QUICK_SPEC } from "../support/evaluation.ts";
import { connect } from "../support/rpc.ts";

const RUBRIC = "How many letters o does the text have?";

/** A chat endpoint that really reads what it is asked about: it counts the o's between the marks. */
async function counter(): Promise<{ url: string; asked: () => number; close: () => void }> {
  let asked = 0;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      asked++;
      const { messages } = JSON.parse(body) as { messages: { content: string }[] };
      const count = (messages.at(-1)!.content.match(/o/g) ?? []).length;
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ choices: [{ message: { role: "assistant", content: String(Math.min(count, 1000)) } }] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, asked: () => asked, close: () => server.close() };
}

describe("daemon: receipts by a judge of the user's own", function () {
  this.timeout(600_000);

  it("measures by the endpoint's figure, and the receipt names the judge and its settings", async () => {
    const endpoint = await counter();
    const judge = { id: "roundness", title: "Roundness", url: endpoint.url, model: "any", rubric: RUBRIC, scale: { min: 0, max: 1000 } };
    const daemon = await startTestDaemon({ config: { judges: [judge] } });
    try {
      const client = await connect(daemon.url, { token: daemon.token });
      const { judges } = (await client.call("job.judges")) as { judges: JudgeEntry[] };
      assert.deepEqual(
        judges.filter(({ own }) => own).map(({ id, labels, values, languages }) => [id, labels, values, languages.length]),
        [["roundness", [], ["score"], 12]],
      );
      assert.deepEqual(judges.find(({ id }) => id === "emotion")?.languages.includes("ja"), false);
      const spec = { ...QUICK_SPEC, title: "o's", judge: { id: "roundness", value: "score" }, seeds: 1 };
      const receipt = await measure(client, { preset: "spanish", spec });
      assert.equal(receipt.judge.title, "Roundness");
      assert.match(receipt.judge.hash, /^[0-9a-f]{64}$/);
      // whether it works; plain, prompt, 0, one strength and its random control: 6 answers each, but for those that are empty
      assert.ok(endpoint.asked() <= 31 && endpoint.asked() > 25, String(endpoint.asked()));
      assert.ok(receipt.plain.score > 0);
      await client.close();
    } finally {
      await daemon.dispose();
      endpoint.close();
    }
  });

  it("with an address that would send texts in the clear is refused at the start", async () => {
    const judge = { id: "far", url: "http://example.org/v1", model: "m", rubric: RUBRIC, scale: { min: 0, max: 1 } };
    const good = { ...judge, id: "near", url: "http://127.0.0.1:9/v1" };
    for (const [judges, message] of [
      [[good, judge], /config\.judges\.1\.url: http:\/\/example\.org is neither https nor on this machine/],
      [[good, { ...good, model: "other" }], /config\.judges\.1\.id: another judge has this name/],
      [[{ ...good, id: "emotion" }], /config\.judges\.0\.id: is the name of a judge that comes with Tiller/],
    ] as const) {
      const home = makeHome({ judges });
      const run = runDaemon(home);
      assert.equal(await run.firstLine, null);
      assert.notEqual((await run.exited).code, 0);
      assert.match(run.stderr(), message);
      // Nor does a command that starts it lose its way to it.
      const cli = new Cli(home);
      const { exit, message: told } = await cli.refused(["judges"]);
      assert.deepEqual([exit, message.test(told)], [5, true], told);
      await cli.dispose();
    }
  });

  it("that does not work is found before anything is written for it", async () => {
    const judge = { id: "gone", url: "http://127.0.0.1:9/v1", model: "m", rubric: RUBRIC, scale: { min: 0, max: 1 }, retries: 0 };
    const daemon = await startTestDaemon({ config: { judges: [judge] } });
    try {
      const client = await connect(daemon.url, { token: daemon.token });
      const spec = { ...QUICK_SPEC, title: "o's", judge: { id: "gone", value: "score" }, seeds: 1 };
      const { id } = await client.call("experiment.start", asked("receipt", { preset: "spanish", spec }));
      await client.until(() => client.of("job.changed").some(({ state }) => state === "failed"));
      const job = await client.call("job.get", { job: id });
      assert.match(job.message, /judge gone: .* cannot be reached/);
      assert.deepEqual([job.state, job.fraction], ["failed", 0]);
      await client.close();
    } finally {
      await daemon.dispose();
    }
  });

  it("in a config.json that changed since the daemon started is named as what the daemon does not know yet", async () => {
    const cli = new Cli();
    try {
      assert.doesNotMatch((await cli.run(["judges"])).stderr, /config\.json changed/);
      assert.equal((await cli.json(["status"])).configChanged, false);
      writeFileSync(cli.home.paths.config, JSON.stringify({ judges: [] }));
      assert.match((await cli.run(["judges"])).stderr, /config\.json changed since the daemon started/);
      assert.match((await cli.run(["status"])).stdout, /^settings +config\.json changed/m);
      assert.equal((await cli.json(["status"])).configChanged, true);
    } finally {
      await cli.dispose();
    }
  });
});
