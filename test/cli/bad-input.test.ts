import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { encodeGguf, entry } from "../../daemon/formats/gguf/index.ts";
import { type Lock, readLock } from "../../daemon/store/lock.ts";
import { Cli, eachOf } from "../support/cli.ts";
import { makeModel } from "../support/models/index.ts";
import type { Wire } from "../support/rpc.ts";

/** What a user gives wrong: each time a clear error, its exit code, and the store as it was. */
describe("cli: bad input", () => {
  let cli: Cli;
  let before_: Wire;
  before(async () => {
    cli = new Cli();
    before_ = await snapshot();
  });
  after(() => cli.dispose());
  const at = (name: string): string => join(cli.home.paths.home, name);
  const file = (name: string, data: string | Uint8Array): string => {
    writeFileSync(at(name), data);
    return at(name);
  };
  const snapshot = async (): Promise<Wire> => ({
    models: (await cli.json(["models"])).map(({ id }: Wire) => id),
    presets: await cli.json(["presets"]),
    vectors: await cli.json(["vector"]),
    tokens: await cli.json(["token"]),
  });

  it("a model file that is missing, none, damaged or of an architecture that is not known", async () => {
    const whole = readFileSync(makeModel(at("whole.gguf"), { architecture: "llama" }));
    mkdirSync(at("folder.gguf"));
    const unknown = encodeGguf({ metadata: [["general.architecture", entry.string("warp9")]], tensors: [] });
    // A whole model of an architecture that llama.cpp does not know: only loading it can tell.
    const other = Buffer.from(whole.toString("latin1").replaceAll("llama.", "warpx.").replace("llama", "warpx"), "latin1");
    const vision = encodeGguf({ metadata: [["general.architecture", entry.string("clip")]], tensors: [] });
    const cases: [string, number, string, RegExp][] = [
      [at("none.gguf"), 3, "not-found", /there is no file .*none\.gguf/],
      [at("folder.gguf"), 4, "bad-model-file", /is a folder/],
      [file("empty.gguf", ""), 4, "bad-model-file", /not a usable GGUF/],
      [file("text.gguf", "just some text that is long enough to be read"), 4, "bad-model-file", /not a usable GGUF file: magic/],
      [file("cut.gguf", whole.subarray(0, whole.length / 2)), 4, "bad-model-file", /not a usable GGUF|ends/],
      [file("header.gguf", whole.subarray(0, 200)), 4, "bad-model-file", /not a usable GGUF/],
      [file("unknown.gguf", unknown), 4, "bad-model-file", /warp9/],
      [file("vision.gguf", vision), 4, "bad-model-file", /mmproj/],
    ];
    writeFileSync(at("other.gguf"), other);
    for (const command of [
      ["inspect", at("other.gguf")],
      ["run", "--prompt", "hi", "--model", at("other.gguf")],
    ]) {
      const error = await cli.refused(command);
      assert.deepEqual([error.exit, error.code], [4, "bad-model-file"], JSON.stringify(error));
      assert.match(error.message, /warpx/);
    }
    const added = (await cli.json(["models"])).find((model: Wire) => model.fileName === "other.gguf");
    assert.match(added.reason, /warpx/);
    await cli.json(["models", "remove", added.id]);
    await eachOf(cases, async ([path, exit, code, message]) => {
      for (const args of [
        ["models", "add", path],
        ["run", "--model", path, "--prompt", "hi"],
      ]) {
        const error = await cli.refused(args);
        assert.deepEqual([error.exit, error.code], [exit, code], `${args.join(" ")}: ${JSON.stringify(error)}`);
        assert.match(error.message, message);
        assert.ok(error.suggestion !== undefined, `${path}: what to do?`);
      }
    });
    assert.deepEqual(await snapshot(), before_);
  });

  it("a preset for another model: by fingerprint, by architecture, by layers, by its direction", async () => {
    const random = makeModel(at("random.gguf"), { architecture: "llama" });
    const preset = (name: string, model: string): string =>
      file(`${name}.steer.yaml`, `tiller: 1\nname: ${name}\nmodel: ${model}\ncontrols:\n  joy: { use: direction/joy, strength: 1 }\n`);
    const cases: [string, string, RegExp, string][] = [
      ["fingerprint", `{ fingerprint: "sha256:${"0".repeat(64)}" }`, /model\.fingerprint is sha256:0/, "model.fingerprint"],
      ["architecture", "{ architecture: gemma2 }", /model\.architecture is gemma2/, "model.architecture"],
      ["layers", "{ layers: 99 }", /model\.layers is 99/, "model.layers"],
      ["direction", "{ architecture: llama }", /direction\/joy was found in another model or quantisation/, "controls.joy.use"],
    ];
    for (const [name, model, message, field] of cases) {
      await cli.json(["presets", "save", preset(name, model)]);
      const error = await cli.refused(["run", "--model", random, "--preset", name, "--prompt", "hi"]);
      assert.deepEqual([error.exit, error.code, error.field], [4, "wrong-model", field], JSON.stringify(error));
      assert.match(error.message, message);
      assert.match(error.suggestion, /model/);
      await cli.json(["presets", "delete", name]);
    }
    const [, id] = (await cli.json(["models"])).map((model: Wire) => model.id);
    await cli.json(["models", "remove", id]);
    assert.deepEqual(await snapshot(), before_);
  });

  it("preset files: not YAML, unknown keys, bad strengths and ranges, each with line and column; code in them is not run", async () => {
    const head = "tiller: 1\nname: x\n";
    const cases: [string, RegExp, number][] = [
      ["tiller: 3\nname: x\n", /tiller/, 1],
      [`${head}controls: [`, /./, 3],
      [`${head}fly: true\n`, /fly: unknown key/, 3],
      [`${head}controls:\n  a: { use: direction/joy, strength: 1e9 }\n`, /controls\.a\.strength/, 4],
      [`${head}controls:\n  a: { use: direction/joy, strength: .inf }\n`, /controls\.a\.strength/, 4],
      [`${head}controls:\n  a: { use: direction/joy, strength: "1" }\n`, /controls\.a\.strength/, 4],
      [`${head}controls:\n  a: { use: direction/joy, range: [2, -2] }\n`, /controls\.a\.range/, 4],
      [`${head}controls:\n  a: { use: ../joy }\n`, /controls\.a\.use/, 4],
      [`${head}controls:\n  a: { use: !!js/function "x" }\n`, /./, 4],
      [`${head}a: &a [*a]\n`, /aliases are not allowed; write the value of '\*a' out/, 3],
    ];
    await eachOf(
      cases.map((given, index) => [...given, index] as const),
      async ([text, message, line, index]) => {
        const error = await cli.refused(["presets", "save", file(`p${index}.steer.yaml`, text)]);
        assert.deepEqual([error.exit, error.code, error.line], [4, "bad-preset", line], `${text}: ${JSON.stringify(error)}`);
        assert.match(error.message, message);
      },
    );
    assert.deepEqual(await snapshot(), before_);
  });

  it("a token that the daemon does not know: refused, with what to do", async () => {
    const lock = readLock(cli.home.paths.lock)!;
    const text = readFileSync(cli.home.paths.lock, "utf8");
    const foreign: Lock = { ...lock, token: "A".repeat(22) };
    writeFileSync(cli.home.paths.lock, JSON.stringify(foreign));
    try {
      for (const args of [["models"], ["status"], ["run", "--prompt", "hi"]]) {
        const error = await cli.refused(args);
        assert.deepEqual([error.exit, error.code], [4, "unauthorised"], JSON.stringify(error));
        assert.match(error.suggestion, /tiller/);
        assert.ok(!JSON.stringify(error).includes(foreign.token));
      }
    } finally {
      writeFileSync(cli.home.paths.lock, text);
    }
    assert.deepEqual(await snapshot(), before_);
  });

  it("a disk that is full: a preset and the list of models keep their old state, and the daemon goes on", async () => {
    const small = new Cli();
    try {
      // A limit on the size of files makes a write fail half way, as a full disk does. 64 blocks are 64 kB.
      const server = small.shell("ulimit -f 64; tiller serve --json");
      await server.until(/\n/);
      const text = "tiller: 1\nname: old\n";
      const path = join(small.home.paths.home, "kept.steer.yaml");
      writeFileSync(path, text);
      await small.json(["presets", "save", path]);
      writeFileSync(path, `tiller: 1\nname: new\n# ${"x".repeat(100_000)}\n`);
      const error = await small.refused(["presets", "save", path]);
      assert.deepEqual([error.exit, error.code], [1, "storage-failed"]);
      assert.match(error.message, /what was there before is unchanged/);
      assert.match(error.suggestion, /space/);
      assert.equal((await small.json(["presets", "show", "kept"])).text, text);

      const [first, second] = ["first", "second"].map((name, seed) =>
        makeModel(join(small.home.paths.home, `${name}.gguf`), { architecture: "llama", seed }),
      );
      const { id } = await small.json(["models", "add", first!]);
      const full = await small.shell(`ulimit -f 0; tiller models add "${second}" --json`).ended;
      assert.equal(full.code, 1, full.stderr);
      assert.equal(JSON.parse(full.stdout).error.code, "storage-failed");
      assert.ok((await small.json(["models"])).some((model: Wire) => model.id === id));
      assert.equal((await small.json(["models", "add", second!])).id.startsWith("second-"), true);
      await small.json(["stop"]);
      await server.ended;
    } finally {
      await small.dispose();
    }
  });
});
