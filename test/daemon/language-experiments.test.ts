/** Forcing, putting down and falling back, small: what their reports say follows from answers and texts of their own. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import type { Block, Report } from "../../daemon/protocol/report.ts";
import { startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { asked, ended } from "../support/evaluation.ts";
import { connect, type RpcClient, type Wire } from "../support/rpc.ts";
import { REPOSITORY } from "../support/shared.ts";

const CODES = ["en", "de", "es"];

function corpora(): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const line of readFileSync(join(REPOSITORY, "presets", "evaluation", "plain-text.jsonl"), "utf8")
    .trim()
    .split("\n")) {
    const { language, text } = JSON.parse(line) as { language: string; text: string };
    if (CODES.includes(language)) texts[language] = `${texts[language] ?? ""}${text}\n`;
  }
  return texts;
}

describe("daemon: experiments with language neurons", function () {
  this.timeout(600_000);
  let daemon: TestDaemon;
  let client: RpcClient;
  before(async () => {
    daemon = await startTestDaemon();
    client = await connect(daemon.url, { token: daemon.token });
    const job = await run("language-neurons/identify", { id: "language/three", corpora: corpora(), window: 16, rate: 0.05 });
    assert.equal(job["state"], "done", job["message"]);
  });
  after(async () => {
    await client?.close();
    await daemon?.dispose();
  });
  const run = async (id: string, params: object): Promise<Wire> =>
    ended(client, (await client.call("experiment.start", asked(id, params as never))).id);
  const report = async (id: string, params: object): Promise<ReadonlyMap<string, Block>> => {
    const job = await run(id, { artifact: "language/three", ...params });
    assert.equal(job["state"], "done", job["message"]);
    const { blocks }: Report = await client.call("report.get", { job: job["id"] });
    return new Map(blocks.map((block) => [block.id, block]));
  };
  const rows = (blocks: ReadonlyMap<string, Block>, id: string) => {
    const block = blocks.get(id);
    assert.equal(block?.type, "table", id);
    return (block as Extract<Block, { type: "table" }>).rows;
  };

  it("forcing asks every question of every ordered pair, and its matrix is the mean of its answers", async () => {
    const blocks = await report("language-neurons/force", { most: 3, tokens: 24, strength: 2, arms: ["both", "random", "residual"] });
    const arms = rows(blocks, "arms");
    assert.deepEqual(
      arms.map((row) => [row["arm"], row["n"]]),
      [
        ["plain", 9],
        ["both", 18],
        ["random", 18],
        ["residual", 18],
      ],
    );
    const pairs = rows(blocks, "pairs");
    assert.equal(pairs.length, 3 * 6);
    for (const arm of arms.slice(1)) {
      const own = pairs.filter((pair) => pair["arm"] === arm["arm"]);
      const mean = own.reduce((sum, { language }) => sum + Number(language), 0) / own.length;
      assert.ok(Math.abs(mean - Number(arm["language"])) < 1e-9);
      assert.ok(Number(arm["good"]) <= Number(arm["language"]) && Number(arm["languageLow"]) <= Number(arm["languageHigh"]));
    }
    const samples = blocks.get("samples") as Extract<Block, { type: "samples" }>;
    assert.equal(samples.samples.length, 3 * 6 * 2);
    // the neurons do something else than as many random ones
    const texts = (arm: string) => samples.samples.filter(({ judged }) => judged["arm"] === arm).map(({ steered }) => steered);
    assert.notDeepEqual(texts("both"), texts("random"));
  });

  it("the cost of putting a language down is told for every pair, with its interval", async () => {
    const blocks = await report("language-neurons/perplexity", { texts: corpora(), lines: 4 });
    const cells = rows(blocks, "cells");
    assert.equal(cells.length, 9);
    assert.ok(cells.some(({ lost }) => lost !== 0));
    for (const { lost, low, high } of cells) assert.ok(Number(low) <= Number(lost) && Number(lost) <= Number(high));
  });

  it("falling back counts every answer once at each step", async () => {
    const blocks = await report("language-neurons/fallback", { questions: ["How are you?", "Tell me about the sea."], tokens: 16 });
    const chart = blocks.get("fallback") as Extract<Block, { type: "chart" }>;
    const values = (chart.spec["data"] as { values: Wire[] }).values;
    for (const neurons of ["language neurons", "random neurons"])
      for (const step of ["none", "1: +en", "2: +de", "3: +es"]) {
        const own = values.filter((row) => row["neurons"] === neurons && row["put down"] === step);
        assert.equal(
          own.reduce((sum, row) => sum + Number(row["answers"]), 0),
          2,
          `${neurons} ${step}`,
        );
      }
  });

  it("each task asks every item in every language each way, and files of one's own take the place of Tiller's items", async () => {
    for (const task of ["translation", "qa", "comprehension", "nli"]) {
      const blocks = await report("language-neurons/tasks", { task, most: 3, tokens: 8, strength: 8 });
      const languages = task === "translation" ? 2 : 3;
      const arms = rows(blocks, "arms").slice(0, -1);
      assert.deepEqual(
        arms.map((row) => row["n"]),
        Array.from({ length: 4 }, () => languages * 3),
        task,
      );
      const cells = rows(blocks, "cells");
      for (const [at, arm] of ["plain", "add", "replace", "random"].entries()) {
        const own = cells.filter((cell) => cell["arm"] === arm);
        const mean = own.reduce((sum, { value }) => sum + Number(value), 0) / own.length;
        assert.ok(Math.abs(mean - Number(arms[at]!["value"])) < 1e-9, `${task} ${arm}`);
      }
      assert.equal(arms[0]!["changed"], 0);
      if (task === "translation") assert.notEqual(arms[1]!["changed"], 0, "the neurons do something");
    }
    const files = { en: "The sea is blue.\nGood morning.", es: "El mar es azul.\nBuenos días." };
    const own = await report("language-neurons/tasks", { files, tokens: 8 });
    const samples = own.get("samples") as Extract<Block, { type: "samples" }>;
    assert.equal(samples.samples.length, 3 * 2);
    assert.equal(samples.samples[0]!.prompt, "Translate into Spanish: The sea is blue.");
    const form = await report("language-neurons/tasks", { task: "nli", form: "qa", most: 2, languages: "de" });
    assert.equal(rows(form, "cells").length, 4);
  });

  it("name what they cannot do", async () => {
    const refused = async (id: string, params: object) => (await client.refused("experiment.start", asked(id, params as never))).message;
    assert.match(await refused("language-neurons/force", { artifact: "language/none" }), /there is no artifact 'language\/none'/);
    assert.match(await refused("language-neurons/force", { artifact: "language/three", languages: "es" }), /at least two/);
    assert.match(await refused("language-neurons/fallback", { artifact: "language/three", order: "es, xx" }), /'xx' is none of/);
    assert.match(
      await refused("language-neurons/perplexity", { artifact: "language/three", texts: { en: "a", fr: "b" } }),
      /'fr' is none of en, de, es/,
    );
    const lacking = { artifact: "language/three", task: "qa", files: { es: "Text" }, languages: "es" };
    assert.match(await refused("language-neurons/tasks", lacking), /files\.es: the file is not JSON/);
    assert.match(
      await refused("language-neurons/tasks", { artifact: "language/three", languages: "en" }),
      /there are no items of translation in 'en'/,
    );
  });
});
