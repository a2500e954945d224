/** The README's journey on real models, by the command line: load, chat, inspect, tap, find a direction, steer, export, import. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { bodyOf } from "../../daemon/methods/directions/body.ts";
import { ArtifactEntrySchema } from "../../daemon/protocol/api/library.ts";
import { Cli } from "../support/cli.ts";
import { needsReal, REAL_MODELS, type RealModelId } from "../support/real-models.ts";
import type { Wire } from "../support/rpc.ts";

interface Expected {
  readonly architecture: string;
  readonly layers: number;
  readonly width: number;
  readonly vocabulary: number;
  /** a base model has no chat template, and the user is told */
  readonly base: boolean;
  /** what the color of the sky is, as far as it was taught to answer */
  readonly sky: RegExp;
}

const EXPECTED: Record<RealModelId, Expected> = {
  smollm2: { architecture: "llama", layers: 30, width: 576, vocabulary: 49152, base: false, sky: /\bblue\b/ },
  gemma3: { architecture: "gemma3", layers: 18, width: 640, vocabulary: 262144, base: true, sky: /\w/ },
};

const NOUNS = ["weather", "food", "film", "house", "garden", "music", "journey", "party", "story", "garden party", "hotel", "city"];
const PAIRS = NOUNS.map((noun) => ({
  positive: `The ${noun} was wonderful, and I loved every moment of it`,
  negative: `The ${noun} was terrible, and I hated every moment of it`,
}));

/** What any trained language model goes on with. */
const COUNTING = "one, two, three, four,";

for (const { id, title } of REAL_MODELS) {
  const expected = EXPECTED[id];
  describe(`real: ${title}`, () => {
    let cli: Cli;
    let model: string;
    before(async function () {
      const file = needsReal(this, id);
      cli = new Cli();
      model = (await cli.json(["models", "add", file])).id;
      await cli.json(["models", "load", model]);
    });
    after(() => cli?.dispose());
    const at = (name: string): string => join(cli.home.paths.home, name);
    const tap = (prompt: string, ...more: string[]): Promise<Wire> => cli.json(["tap", "--model", model, "--prompt", prompt, ...more]);
    const lastToken = async (text: string): Promise<number> => (await tap(text, "--sites", "final", "--no-logits")).tokens.at(-1);

    it("loads, and inspect tells what it is: every site live", async () => {
      const { facts, sites, chatTemplate } = await cli.json(["inspect", model]);
      assert.deepEqual(
        [facts.architecture, facts.layers, facts.width, facts.vocabulary],
        [expected.architecture, expected.layers, expected.width, expected.vocabulary],
      );
      assert.deepEqual(
        sites.filter((site: Wire) => !site.live),
        [],
      );
      assert.equal(chatTemplate === null, expected.base);
    });

    it("knows what it was trained on, and answers a chat; a base model's user is told what it is", async () => {
      const raw = await cli.json(["run", "--model", model, "--raw", "--prompt", COUNTING, "--temperature", "0", "--max-tokens", "6"]);
      assert.match(raw.text, /^ five, six\b/);
      const args = ["run", "--model", model, "--prompt", "What color is the sky?", "--temperature", "0", "--max-tokens", "40"];
      const { code, stdout, stderr } = await cli.run(args);
      assert.equal(code, 0, stderr);
      assert.match(stdout, expected.sky);
      assert.equal(/no chat template, so it is probably a base model/.test(stderr), expected.base, stderr);
      const chat = await cli.run(["chat", "--model", model, "--temperature", "0", "--max-tokens", "40"], {
        input: "What color is the sky?\nAnd the sea?\n",
      });
      assert.equal(chat.code, 0, chat.stderr);
      assert.match(chat.stdout, /\w[\s\S]*\n[\s\S]*\w/);
      assert.equal(/probably a base model/.test(chat.stderr), expected.base, chat.stderr);
    });

    it("tap reads logits that predict the right word, and activations of every site asked for", async () => {
      const capture = await tap(COUNTING, "--sites", "mlp.mid,resid,final", "--layers", `0,${expected.layers - 1}`);
      const row: number[] = capture.logits.at(-1);
      assert.equal(row.length, expected.vocabulary);
      assert.equal(row.indexOf(row.reduce((a, b) => Math.max(a, b))), await lastToken(`${COUNTING} five`));
      assert.deepEqual(Object.keys(capture.sites.resid), ["0", String(expected.layers - 1)]);
      for (const rows of [capture.sites["mlp.mid"][0], capture.sites.resid[0], capture.sites.final[0]])
        assert.ok(rows.length === capture.tokens.length && rows.flat().every(Number.isFinite));
    });

    it("vector make finds a direction that steers what comes next, both ways; 0 changes nothing", async () => {
      writeFileSync(at("pairs.jsonl"), PAIRS.map((pair) => JSON.stringify(pair)).join("\n"));
      const args = ["--pairs", at("pairs.jsonl"), "--model", model, "--read-at", "mean", "--held-out", "0.5"];
      const made = ArtifactEntrySchema.parse(await cli.json(["vector", "make", "direction/liking", ...args]));
      assert.deepEqual([made.model.layers, made.model.width], [expected.layers, expected.width]);
      assert.ok(
        bodyOf(made).quality.some(({ auroc }) => auroc === 1),
        "wonderful and terrible are told apart",
      );
      const [good, bad] = [await lastToken("It was wonderful"), await lastToken("It was terrible")];
      const margin = async (strength: number): Promise<number> => {
        const row = (await tap("My visit to the museum was", "--set", `liking=${strength}`)).logits.at(-1);
        return row[good] - row[bad];
      };
      const plain = (await tap("My visit to the museum was")).logits.at(-1);
      const [minus, none, plus] = [await margin(-1), await margin(0), await margin(1)];
      assert.ok(Math.abs(none - (plain[good] - plain[bad])) < 1e-3, `${none}`);
      assert.ok(plus > none + 0.3 && minus < none - 0.3, `log odds of wonderful against terrible: ${minus}, ${none}, ${plus}`);
    });

    it("export writes a control vector, import reads it back, and it steers", async () => {
      const last = expected.layers - 1;
      await cli.json(["vector", "export", "direction/liking", at("liking.gguf"), "--layers", `${last - 4}-${last}`]);
      await cli.json(["vector", "import", "direction/back", at("liking.gguf"), "--model", model]);
      await cli.json(["vector", "export", "direction/back", at("back.gguf")]);
      assert.deepEqual(readFileSync(at("back.gguf")), readFileSync(at("liking.gguf")));
      const base = ["run", "--model", model, "--raw", "--prompt", "My visit was", "--temperature", "0", "--max-tokens", "12"];
      const plain = await cli.json(base);
      const steered = await cli.json([...base, "--set", "back=4"]);
      assert.equal(steered.steered.steered, true);
      assert.notEqual(steered.text, plain.text);
    });
  });
}
