/** Language neurons found by the daemon, against values tapped token by token and LAPE written plainly; and what their control does. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { decodeSafetensors, tensorValues } from "../../daemon/formats/safetensors.ts";
import { windowsOf } from "../../daemon/methods/shared/counts.ts";
import { countPlainly } from "../support/counts.ts";
import { addModel, makeHome, startTestDaemon, type TestDaemon, type TestHome } from "../support/daemon.ts";
import { EngineUnderTest, type options } from "../support/engine.ts";
import { asked, ended } from "../support/evaluation.ts";
import { plainLape } from "../support/lape.ts";
import { makeModel } from "../support/models/make.ts";
import { connect, type RpcClient, type Wire } from "../support/rpc.ts";
import { REPOSITORY } from "../support/shared.ts";

const WINDOW = 16;
const LAPE = { rate: 0.02, filter: 0.95, bar: 0.95 };

/** The texts that damage is measured on, by language. */
function corpora(): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const line of readFileSync(join(REPOSITORY, "presets", "evaluation", "plain-text.jsonl"), "utf8")
    .trim()
    .split("\n")) {
    const { language, text } = JSON.parse(line) as { language: string; text: string };
    texts[language] = `${texts[language] ?? ""}${text}\n`;
  }
  return texts;
}

describe("daemon: language neurons", function () {
  this.timeout(600_000);
  let home: TestHome;
  let daemon: TestDaemon;
  let client: RpcClient;
  before(async () => {
    home = makeHome();
    daemon = await startTestDaemon({ home });
    client = await connect(daemon.url, { token: daemon.token });
  });
  after(async () => {
    await client?.close();
    await daemon?.dispose();
  });
  const random = (architecture: "llama" | "gemma3" | "mixtral" | "nemotron_h") =>
    addModel(home, makeModel(join(home.paths.home, `${architecture}.gguf`), { architecture }));
  const identify = async (id: string, model: string | undefined): Promise<Wire> => {
    const params = asked("language-neurons/identify", { id, model, corpora: corpora(), window: WINDOW, ...LAPE });
    return ended(client, (await client.call("experiment.start", params)).id);
  };
  const tensorsOf = async (id: string): Promise<(name: string) => Float32Array> => {
    const { data } = await client.call("artifact.export", { id, format: "tiller" });
    const { tensors } = decodeSafetensors(Buffer.from(data, "base64"));
    return (name) => Float32Array.from(tensorValues(tensors.get(name)!));
  };

  /** The sets, means and spread that single taps of every window give. */
  async function plainly(path: string, loading: Parameters<typeof options>[0]) {
    const engine = await EngineUnderTest.load(path, loading);
    try {
      const all: { code: string; windows: Int32Array[]; counts: Awaited<ReturnType<typeof countPlainly>> }[] = [];
      for (const [code, text] of Object.entries(corpora())) {
        const { tokens } = await engine.request("encode", { texts: [text] });
        const windows = windowsOf(tokens, WINDOW, false);
        all.push({
          code,
          windows,
          counts: await countPlainly(
            engine,
            ["mlp.act", "resid"],
            windows,
            windows.map(() => 0),
            1,
          ),
        });
      }
      return all;
    } finally {
      await engine.stop();
    }
  }

  for (const name of ["llama", "gemma3", "embedded"] as const)
    it(`are those of the formulas, neuron by neuron, with their means: ${name}`, async () => {
      const model = name === "embedded" ? undefined : await random(name);
      const id = `language/${name}`;
      const job = await identify(id, model?.id);
      assert.equal(job["state"], "done", job["message"]);
      const { body } = await client.call("artifact.get", { id });
      const tensor = await tensorsOf(id);
      const path = model?.path ?? join(REPOSITORY, "presets", "tiller-mini.gguf");
      const all = await plainly(path, name === "embedded" ? { kvType: "auto" } : {});
      const acts = all.map(({ counts }) => counts.filter(({ site }) => site === "mlp.act"));
      const N = acts.map(([first]) => first!.tokens[0]!);
      const rates = acts.map((places, k) => places.flatMap(({ positive }) => [...positive].map((count) => count / N[k]!)));
      const wanted = plainLape(rates, LAPE);
      const f = acts[0]![0]!.width;
      const number = (u: number): number => tensor("layer")[u]! * f + tensor("index")[u]!;
      const U = body.neurons;
      const sets = all.map((_, k) =>
        Array.from({ length: U }, (_, u) => u)
          .filter((u) => tensor("owned")[k * U + u] === 1)
          .map(number),
      );
      assert.deepEqual(sets, wanted.owned);
      assert.deepEqual(
        body.languages.map((language: Wire) => [language["code"], language["tokens"], language["neurons"]]),
        all.map(({ code }, k) => [code, N[k], wanted.owned[k]!.length]),
      );
      assert.ok(U > 0);
      const d = body.layers === acts[0]!.length ? all[0]!.counts.find(({ site }) => site === "resid")!.width : 0;
      all.forEach(({ counts }, k) => {
        const sums = acts[k]!.flatMap(({ sum }) => [...sum]);
        for (let u = 0; u < U; u++) {
          const mean = sums[number(u)]! / N[k]!;
          assert.ok(Math.abs(tensor("mean")[k * U + u]! - mean) < 1e-3 * Math.max(1, Math.abs(mean)), `mean ${k} ${u}`);
          assert.ok(Math.abs(tensor("rate")[k * U + u]! - rates[k]![number(u)]!) < 1e-6);
        }
        counts
          .filter(({ site }) => site === "resid")
          .forEach(({ sum }, layer) => {
            const got = tensor("residual").subarray((k * body.layers + layer) * d, (k * body.layers + layer + 1) * d);
            const size = Math.max(...[...sum].map((value) => Math.abs(value / N[k]!)));
            got.forEach((value, i) => {
              assert.ok(Math.abs(value - sum[i]! / N[k]!) < 2e-3 * size, `residual ${k} ${layer} ${i}`);
            });
          });
      });
      const Q = body.quantiles.length;
      for (let at = 0; at < all.length * U; at++) {
        const spread = tensor("quantiles").subarray(at * Q, (at + 1) * Q);
        assert.deepEqual(
          [...spread],
          [...spread].sort((a, b) => a - b),
        );
      }
      const report = await client.call("report.get", { job: job["id"] });
      assert.deepEqual(
        report.blocks.map((block: Wire) => block["id"]),
        ["what", "languages", "depth", "overlap", "families", "owners"],
      );
      const pairs = report.blocks.find((block: Wire) => block["id"] === "overlap").spec.data.values as Wire[];
      for (const { a, b, shared } of pairs as unknown as { a: string; b: string; shared: number }[]) {
        const [first, second] = [a, b].map((code) => new Set(wanted.owned[all.findIndex((one) => one.code === code)]!));
        assert.equal(shared, [...first!].filter((one) => second!.has(one)).length);
      }
    });

  it("act as a control, say so, and refuse languages and models that they are not of", async () => {
    const chat = (settings: object, strength: number) => ({
      stream: `s${strength}`,
      messages: [{ role: "user", content: "How are you?" }],
      steering: { rack: { controls: { own: { use: "language/embedded", strength, with: settings } } } },
      sampling: { temperature: 0, maxTokens: 12 },
    });
    const plain = await client.answer("generate.chat", chat({ languages: "es - en" }, 0));
    const steered = await client.answer("generate.chat", chat({ languages: "es - en" }, 8));
    assert.equal(plain.steered.steered, false);
    assert.match(steered.steered.summary, /^steered: own 8 \(add\) es - en: \d+ neurons at layers? [\d–, ]+$/);
    assert.notEqual(plain.text, steered.text);
    const residual = await client.answer("generate.chat", chat({ languages: "es - en", mode: "residual" }, 3));
    assert.match(residual.steered.summary, /\(residual\) es - en: the residual at layer 4$/);
    const unknown = await client.refused("generate.chat", chat({ languages: "es - xx" }, 1));
    assert.match(unknown.message, /controls\.own\.with\.languages: 'xx' is none of its languages; it has/);
    const wrong = await client.refused("generate.chat", chat({ languages: "Spanish" }, 1));
    assert.match(wrong.message, /languages with \+ and −/);
  });

  it("are refused by name where neurons have no gates of their own", async () => {
    for (const [architecture, pattern] of [
      ["mixtral", /mixture of experts/],
      ["nemotron_h", /the MLP has no gate/],
    ] as const) {
      const job = await identify(`language/${architecture}`, (await random(architecture)).id);
      assert.deepEqual([job["state"], job["error"].code], ["failed", "not-supported"], job["message"]);
      assert.match(job["message"], pattern);
    }
  });

  it("want two languages, enough text in each, and a name of their kind", async () => {
    const start = (params: object) => client.refused("experiment.start", asked("language-neurons/identify", params as never));
    assert.match((await start({ id: "language/one", corpora: { en: "text" } })).message, /at least two languages/);
    assert.match((await start({ id: "direction/x", corpora: corpora() })).message, /are called language\/…/);
    const params = { id: "language/short", corpora: { en: "too short", de: "zu kurz" } };
    const job = await ended(client, (await client.call("experiment.start", asked("language-neurons/identify", params))).id);
    assert.match(job["message"], /corpora\.en: its text fills 0 windows of 512 tokens/);
  });
});
