import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { readPairs } from "../../daemon/cli/arguments/pair-file.ts";
import { dPrimeText } from "../../daemon/cli/output/quality.ts";
import { encodeGguf, entry, getString, parseGguf, readTensor } from "../../daemon/formats/gguf/index.ts";
import { bodyOf } from "../../daemon/methods/directions/body.ts";
import { ArtifactEntrySchema } from "../../daemon/protocol/api/library.ts";
import { Cli } from "../support/cli.ts";
import { maxRelative, ReferenceModel } from "../support/reference/index.ts";
import type { Wire } from "../support/rpc.ts";
import { makeSteeredHome, type SteeredHome } from "../support/steered-home.ts";

const PAIRS = ["dog", "cat", "sun", "sea", "tree", "house", "boat", "hill"].map((word) => ({
  positive: `The ${word} is wonderful and I love it`,
  negative: `The ${word} is terrible and I hate it`,
}));

describe("cli: vector", () => {
  let cli: Cli;
  let random: SteeredHome["model"];
  before(async () => {
    const { home, model } = await makeSteeredHome();
    cli = new Cli(home);
    random = model;
  });
  after(() => cli.dispose());
  const at = (name: string): string => join(cli.home.paths.home, name);
  const pairsFile = (): string => {
    writeFileSync(at("pairs.jsonl"), PAIRS.map((pair) => JSON.stringify(pair)).join("\n"));
    return at("pairs.jsonl");
  };

  it("make finds a direction with held-out quality on the embedded model, and it steers at once", async () => {
    const made = ArtifactEntrySchema.parse(await cli.json(["vector", "make", "direction/love", "--pairs", pairsFile(), "--layers", "2"]));
    const found = bodyOf(made);
    assert.deepEqual([made.id, found.layers.length, found.pairs + found.heldOut], ["direction/love", 2, PAIRS.length]);
    assert.ok(found.quality.every(({ auroc }) => auroc >= 0 && auroc <= 1));
    const answer = await cli.json(["run", "--prompt", "Hello", "--set", "love=1", "--seed", "1", "--max-tokens", "8"]);
    assert.match(answer.steered.summary, /steered: love 1/);
    const listed = await cli.json(["vector"]);
    assert.ok(listed.some(({ id }: Wire) => id === "direction/love"));
    assert.match((await cli.run(["vector", "list"])).stdout, /^direction\/love +resid +layers \d/m);
  });

  it("make says how far it is on a stderr that is no terminal, also with --json", async () => {
    const { code, stderr } = await cli.run(["vector", "make", "direction/told", "--pairs", pairsFile(), "--json"]);
    assert.equal(code, 0);
    assert.match(stderr, /^0 % /m);
    assert.doesNotMatch(stderr, /\r/);
  });

  it("make takes templates and texts, and all its options; the same input gives the same numbers", async () => {
    writeFileSync(at("texts.txt"), "one\ntwo\n\nthree\r\nfour\n");
    const args = ["--positive", "I love {}", "--negative", "I hate {}", "--texts", at("texts.txt")];
    const more = [
      "--method",
      "pca",
      "--site",
      "mlp.out",
      "--read-at",
      "mean",
      "--held-out",
      "0.5",
      "--seed",
      "3",
      "--title",
      "T",
      "--licence",
      "CC0-1.0",
    ];
    const first = await cli.json(["vector", "make", "direction/a", ...args, ...more, "--model", random.id]);
    const second = await cli.json(["vector", "make", "direction/b", ...args, ...more, "--model", random.id]);
    assert.deepEqual(
      [first.method.id, first.body.site, first.title, first.provenance.inputs[0].licence],
      ["directions/pca", "mlp.out", "T", "CC0-1.0"],
    );
    assert.deepEqual([first.body.pairs, first.body.heldOut, first.model.fingerprint], [2, 2, random.fingerprint]);
    assert.equal(first.data.sha256, second.data.sha256);
    const exported = await cli.refused(["vector", "export", "direction/a", at("a.gguf")]);
    assert.deepEqual([exported.exit, exported.code], [4, "not-supported"]);
    assert.match(exported.message, /can only act at resid/);
  });

  it("make names the line and field of a bad pair, and what else is missing", async () => {
    writeFileSync(at("bad.jsonl"), `${JSON.stringify(PAIRS[0])}\n{"positive": 1}\n`);
    const bad = await cli.refused(["vector", "make", "direction/x", "--pairs", at("bad.jsonl")]);
    assert.deepEqual([bad.exit, bad.line, bad.field], [2, 2, "pairs"]);
    const [first, ...others] = PAIRS.map((pair) => JSON.stringify(pair));
    for (const [line, message] of [
      ["{positive: 1}", /bad\.jsonl, line 3 is not JSON: /],
      ["[]", /line 3 is not an object/],
      ['{"positive": "a"}', /line 3: 'negative' is missing/],
      ['{"positive": "a", "negative": ""}', /line 3: negative: must be a text of 1 to 20000 characters/],
      ['{"positive": "a", "negative": "b", "id": 7}', /line 3: unknown key 'id'/],
    ] as const) {
      writeFileSync(at("bad.jsonl"), `${first}\n\n${line}\n`);
      const error = await cli.refused(["vector", "make", "direction/x", "--pairs", at("bad.jsonl")]);
      assert.deepEqual([error.exit, error.line, error.field], [2, 3, "pairs"]);
      assert.match(error.message, message);
    }
    writeFileSync(at("many.jsonl"), `${first}\n`.repeat(5001));
    assert.match(
      (await cli.refused(["vector", "make", "direction/x", "--pairs", at("many.jsonl")])).message,
      /5001 pairs are more than the 5000/,
    );
    writeFileSync(at("marked.jsonl"), `\uFEFF${[first, ...others].join("\r\n")}`);
    assert.equal(readPairs(at("marked.jsonl")).length, PAIRS.length);
    const site = await cli.refused(["vector", "make", "direction/x", "--pairs", at("marked.jsonl"), "--site", "redis"]);
    assert.deepEqual([site.exit, site.field, site.message], [2, "site", "--site: there is no site 'redis'"]);
    writeFileSync(at("one.jsonl"), JSON.stringify(PAIRS[0]));
    assert.match((await cli.refused(["vector", "make", "direction/x", "--pairs", at("one.jsonl")])).message, /at least 2 pairs/);
    assert.equal((await cli.refused(["vector", "make", "direction/x", "--pairs", at("none.jsonl")])).exit, 3);
    const template = ["--positive", "love", "--negative", "hate {}", "--texts", at("one.jsonl")];
    assert.match((await cli.refused(["vector", "make", "direction/x", ...template])).message, /--positive: the template needs \{\}/);
    assert.equal(
      (await cli.json(["vector"])).some(({ id }: Wire) => id === "direction/x"),
      false,
    );
  });

  it("make leaves out repeated pairs, and says how far its figures can be trusted", async () => {
    writeFileSync(at("same.jsonl"), `${JSON.stringify(PAIRS[0])}\n`.repeat(20));
    const same = await cli.refused(["vector", "make", "direction/x", "--pairs", at("same.jsonl")]);
    assert.match(same.message, /all 20 are the same one/);
    writeFileSync(at("twice.jsonl"), PAIRS.map((pair) => `${JSON.stringify(pair)}\n`.repeat(2)).join(""));
    const args = ["vector", "make", "direction/few", "--pairs", at("twice.jsonl"), "--layers", "50", "--model", random.id];
    const { code, stdout, stderr } = await cli.run(args);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /8 of 16 pairs were repetitions of others/);
    assert.match(stderr, /Too few to tell: 4 held-out questions/);
    assert.match(stderr, new RegExp(`--layers 50: there are ${random.layers}, and all are used`));
    assert.match(stdout, /^layer +AUROC \(N 4 held out\) +d' *$/m);
    assert.match(stdout, /^0 +[\d.]+ +– +used$/m);
    assert.match((await cli.run(["vector"])).stdout, /^direction\/few .*AUROC [\d.]+ \(N 4\)/m);
    // Both sides hold the same sentences, in another order.
    const words = PAIRS.flatMap(({ positive, negative }) => [positive, negative]);
    const mixed = words.map((positive, i) => JSON.stringify({ positive, negative: words[(i + 5) % words.length] }));
    writeFileSync(at("mixed.jsonl"), mixed.join("\n"));
    const hardly = await cli.run([
      "vector",
      "make",
      "direction/mixed",
      "--pairs",
      at("mixed.jsonl"),
      "--held-out",
      "0.5",
      "--model",
      random.id,
    ]);
    assert.match(hardly.stderr, /the two sides hardly differ: AUROC 0\.\d\d/);
    assert.deepEqual([dPrimeText(3.456, 5), dPrimeText(3.456, 4), dPrimeText(-1.4e16, 20)], ["3.46", "–", "–"]);
  });

  it("Ctrl-C cancels the job, and no direction is made", async () => {
    writeFileSync(
      at("many.jsonl"),
      Array.from({ length: 3000 }, (_, i) => JSON.stringify({ positive: `good ${i} `.repeat(60), negative: `bad ${i} `.repeat(60) })).join(
        "\n",
      ),
    );
    const running = cli.start(["vector", "make", "direction/never", "--pairs", at("many.jsonl"), "--json"]);
    const lock = JSON.parse(readFileSync(cli.home.paths.lock, "utf8"));
    const { connect } = await import("../support/rpc.ts");
    const client = await connect(`http://${lock.host}:${lock.port}`, { token: lock.token });
    await client.until(() => client.of("job.changed").some(({ state }: Wire) => state === "running"));
    running.process.kill("SIGINT");
    const { code, stderr } = await running.ended;
    assert.equal(code, 130, stderr);
    assert.equal((await client.call("job.list")).jobs[0].state, "cancelled");
    assert.equal((await client.refused("artifact.get", { id: "direction/never" })).code, "not-found");
    await client.close();
  });

  it("export writes what llama.cpp reads, import gives the same bytes back, and both act the same", async () => {
    const made = await cli.json(["vector", "make", "direction/r", "--pairs", pairsFile(), "--layers", "3", "--model", random.id]);
    assert.equal((await cli.json(["vector", "export", "direction/r", at("r.gguf"), "--layers", "1-2"])).file, at("r.gguf"));
    const bytes = readFileSync(at("r.gguf"));
    const file = parseGguf(bytes);
    assert.deepEqual(
      [getString(file, "general.architecture"), getString(file, "controlvector.model_hint"), [...file.tensors.keys()]],
      ["controlvector", "llama", ["direction.1", "direction.2"]],
    );
    await cli.json(["vector", "import", "direction/back", at("r.gguf"), "--model", random.id]);
    await cli.json(["vector", "export", "direction/back", at("back.gguf")]);
    assert.deepEqual(readFileSync(at("back.gguf")), bytes);

    // As llama.cpp applies it: scale times direction.N added to the output of block N.
    const model = ReferenceModel.load(random.path);
    const edits = [1, 2].map((layer) => {
      const direction = readTensor(bytes, file, `direction.${layer}`);
      return { site: "resid" as const, layer, apply: (x: Float64Array) => x.set(x.map((value, i) => value + 1.5 * direction[i]!)) };
    });
    await cli.json(["models", "load", random.id, "--kv-type", "f32", "--context", "512", "--threads", "1"]);
    const capture = await cli.json(["tap", "--model", random.id, "--prompt", "abc def", "--set", "back=1.5"]);
    const expected = model.forward(capture.tokens, { edits }).logits;
    for (const [t, row] of capture.logits.entries()) assert.ok(maxRelative(row, expected[t]!) < 1e-4, `token ${t}`);
    assert.ok(made.body.layers.length >= 1);
  });

  it("import of a file as llama-cvector-generator and repeng write it, and export of it, are byte-equal", async () => {
    const tensors = [1, 2].map((n) => ({
      name: `direction.${n}`,
      shape: [random.width],
      type: "F32" as const,
      data: Float32Array.from({ length: random.width }, (_, i) => Math.fround(Math.sin(n * i + 1))),
    }));
    const bytes = encodeGguf({
      metadata: [
        ["general.architecture", entry.string("controlvector")],
        ["controlvector.model_hint", entry.string("mistral")],
        ["controlvector.layer_count", entry.i32(2)],
      ],
      tensors,
    });
    writeFileSync(at("their.gguf"), bytes);
    await cli.json(["vector", "import", "direction/their", at("their.gguf")]);
    await cli.json(["vector", "export", "direction/their", at("ours.gguf")]);
    assert.deepEqual(readFileSync(at("ours.gguf")), Buffer.from(bytes));
  });

  it("make and import refuse a name that is taken and name --replace, which takes it", async () => {
    const make = ["vector", "make", "direction/shift", "--pairs", pairsFile(), "--model", random.id];
    const refused = await cli.refused(make);
    assert.deepEqual([refused.exit, refused.code, refused.message], [6, "conflict", "there is an artifact 'direction/shift' already"]);
    assert.equal(refused.suggestion, "Choose another id, or add --replace to replace it.");
    assert.match((await cli.refused(["vector", "make", "direction/joy", "--from", "joy"])).suggestion!, /--replace .*comes back/);
    await cli.json(["vector", "export", "direction/shift", at("shift.gguf"), "--layers", "all"]);
    const taken = await cli.refused(["vector", "import", "direction/shift", at("shift.gguf")]);
    assert.deepEqual([taken.exit, taken.code], [6, "conflict"]);
    assert.equal((await cli.json([...make, "--replace"])).body.pairs > 2, true);
    await cli.json(["vector", "import", "direction/shift", at("shift.gguf"), "--replace"]);
    assert.equal((await cli.json(["vector", "list"])).find(({ id }: Wire) => id === "direction/shift").method.id, "directions/imported");
  });

  it("export replaces a file only with --force, whole or not at all; import refuses what is none", async () => {
    writeFileSync(at("taken.gguf"), "precious");
    const taken = await cli.refused(["vector", "export", "direction/their", at("taken.gguf")]);
    assert.deepEqual([taken.exit, taken.code], [6, "conflict"]);
    const script = `ulimit -f 0; tiller vector export direction/their "${at("taken.gguf")}" --force --json`;
    const full = await cli.shell(script).ended;
    assert.equal(full.code, 1, full.stderr);
    assert.equal(JSON.parse(full.stdout).error.code, "storage-failed");
    assert.equal(readFileSync(at("taken.gguf"), "utf8"), "precious");
    const lost = await cli.refused(["vector", "export", "direction/their", at("no/such/folder/x.gguf")]);
    assert.match(lost.message, /its folder does not exist/);
    await cli.json(["vector", "export", "direction/their", at("taken.gguf"), "--force"]);
    assert.equal(readFileSync(at("taken.gguf")).subarray(0, 4).toString(), "GGUF");
    writeFileSync(at("text.gguf"), "not a vector");
    const none = await cli.refused(["vector", "import", "direction/their", at("text.gguf"), "--replace"]);
    assert.deepEqual([none.exit, none.code], [4, "bad-artifact"]);
    const embedded = (await cli.json(["models"])).find((model: Wire) => model.embedded);
    const wrong = await cli.refused(["vector", "import", "direction/w", at("ours.gguf"), "--model", embedded.id]);
    assert.deepEqual([wrong.exit, wrong.code], [4, "wrong-model"]);
    for (const layers of ["0", "9"])
      assert.equal((await cli.refused(["vector", "export", "direction/their", at("l.gguf"), "--layers", layers])).exit, 2, layers);
    assert.deepEqual(await cli.json(["vector", "delete", "direction/their"]), { deleted: true, receipt: false });
    assert.equal((await cli.refused(["vector", "delete", "direction/their"])).exit, 3);
  });
});
