/** Layers and unit of a direction by what they do, and arithmetic on directions, on the embedded model. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { bodyOf } from "../../daemon/methods/directions/body.ts";
import { ArtifactEntrySchema } from "../../daemon/protocol/api/library.ts";
import { type Block, ReportSchema } from "../../daemon/protocol/report.ts";
import { makeHome, startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { asked, ended } from "../support/evaluation.ts";
import { connect, type RpcClient } from "../support/rpc.ts";

const THINGS = "bridge dog garden lamp horse river song cake train window letter beach school winter clock hotel boat tree key apple".split(
  " ",
);
const PAIRS = [...THINGS, ...THINGS.map((thing) => `old ${thing}`)].map((thing) => {
  const turn = { role: "user" as const, content: `Tell me about the ${thing}.` };
  return {
    positive: [turn, { role: "assistant" as const, content: `I love the ${thing}, it makes me so happy!` }],
    negative: [turn, { role: "assistant" as const, content: `I hate the ${thing}, it makes me so sad!` }],
  };
});

describe("daemon: layers by effect", function () {
  this.timeout(600_000);
  let daemon: TestDaemon;
  let client: RpcClient;
  before(async () => {
    daemon = await startTestDaemon({ home: makeHome() });
    client = await connect(daemon.url, { token: daemon.token });
  });
  after(async () => {
    await client.close();
    await daemon.dispose();
  });
  const run = async (id: string, params: Parameters<typeof asked>[1]) => {
    const job = await ended(client, (await client.call("experiment.start", asked(id, params))).id);
    assert.equal(job.state, "done", job.message);
    const artifact = ArtifactEntrySchema.parse(await client.call("artifact.get", { id: job.result }));
    const blocks = job.report ? ReportSchema.parse(await client.call("report.get", { job: job.id })).blocks : [];
    return { artifact, body: bodyOf(artifact), blocks };
  };
  const rows = (blocks: readonly Block[], id: string) => {
    const block = blocks.find((one) => one.id === id);
    return block?.type === "table" ? block.rows : [];
  };

  it("a direction from pairs is tried at layers and groups, and its unit is a strength that stays fluent", async () => {
    const { body, blocks } = await run("directions/from-pairs", { id: "direction/liking", pairs: PAIRS, choose: "effect" });
    assert.ok(body.unit! > 0 && body.low! <= 0, JSON.stringify(body));
    assert.equal(body.heldOutQuestions, 12);
    const candidates = rows(blocks, "candidates");
    const used = candidates.filter(({ verdict }) => verdict === "used");
    assert.equal(used.length, 1);
    const plain = candidates.find(({ candidate }) => candidate === "plain")!;
    assert.ok((used[0]!["effect"] as number) > 0 && (used[0]!["shown"] as number) > (plain["shown"] as number), JSON.stringify(candidates));
    assert.ok(candidates.some(({ candidate }) => String(candidate).startsWith("layers ")));
    const chart = blocks.find(({ id }) => id === "effect-damage");
    assert.ok(chart?.type === "chart" && (chart.spec["data"] as { values: unknown[] }).values.length >= 12);
    for (const id of ["written", "data", "layers", "separation"])
      assert.ok(
        blocks.some((block) => block.id === id),
        id,
      );
    const ask = async (strength: number) => {
      const rack = { controls: { liking: { use: "direction/liking", strength } } };
      const answer = await client.answer("generate.chat", {
        stream: `s${strength}`,
        messages: [{ role: "user", content: "Tell me about the mountain." }],
        steering: { rack },
        sampling: { temperature: 0, maxTokens: 24 },
      });
      return answer.text;
    };
    assert.notEqual(await ask(1), await ask(0));
  });

  it("of one that is there, with pairs of one's own; by separation where that is asked for, or where it cannot be tried", async () => {
    const plain = await run("directions/from-pairs", { id: "direction/by-layer", pairs: PAIRS });
    assert.deepEqual([plain.body.unit, plain.blocks.some(({ id }) => id === "effect-damage")], [undefined, false]);
    const chosen = await run("directions/choose-layers", {
      id: "direction/by-effect",
      of: "direction/by-layer",
      pairs: PAIRS.slice(0, 10),
    });
    assert.ok(chosen.body.unit! > 0);
    assert.equal(chosen.artifact.data.sha256, plain.artifact.data.sha256);
    const few = await run("directions/from-pairs", { id: "direction/few", pairs: PAIRS.slice(0, 6), choose: "effect" });
    const why = few.blocks.find(({ id }) => id === "by-separation");
    assert.ok(why?.type === "prose" && /training pairs are too few/.test(why.text));
    const turns = PAIRS.slice(0, 4).map(({ positive, negative }) => ({ positive: positive.slice(0, 1), negative: negative.slice(0, 1) }));
    const refused = await client.refused(
      "experiment.start",
      asked("directions/choose-layers", { id: "direction/no", of: "direction/by-layer", pairs: turns }),
    );
    assert.deepEqual([refused.code, refused.body.data?.field], ["invalid-params", "pairs.0"]);
  });

  it("directions are added and taken from one another; what cannot be is refused by name", async () => {
    const of = ["direction/by-layer", "direction/few"];
    const sum = await run("directions/combine", { id: "direction/sum", operation: "add", of });
    assert.ok(sum.body.layers.length >= 1);
    const left = await run("directions/combine", { id: "direction/left", operation: "project-out", of });
    assert.notEqual(left.artifact.data.sha256, sum.artifact.data.sha256);
    const refused = async (list: string[]) =>
      client.refused("experiment.start", asked("directions/combine", { id: "direction/x", operation: "add", of: list }));
    assert.match((await refused(["direction/sum", "direction/none"])).message, /there is no direction 'direction\/none'/);
    const twice = await client.call(
      "experiment.start",
      asked("directions/combine", { id: "direction/x", operation: "subtract", of: [of[0]!, of[0]!] }),
    );
    assert.match((await ended(client, twice.id)).message, /nothing is left of direction\/by-layer/);
  });
});
