import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { PresetEntrySchema } from "../../daemon/protocol/api/library.ts";
import { InspectionSchema, MemoryEstimateSchema, ModelSchema } from "../../daemon/protocol/api/model.ts";
import { SITES } from "../../daemon/protocol/sites.ts";
import { Cli } from "../support/cli.ts";
import { makeModel } from "../support/models/index.ts";
import { connect, type Wire } from "../support/rpc.ts";

const PRESET = `tiller: 1
name: Mine
controls:
  joy: { use: direction/joy, strength: 0.5 }
`;

describe("cli: models, presets, tokens, clean", () => {
  let cli: Cli;
  before(() => {
    cli = new Cli();
  });
  after(() => cli.dispose());
  const file = (name: string, text: string | Uint8Array): string => {
    const path = join(cli.home.paths.home, name);
    writeFileSync(path, text);
    return path;
  };

  it("models: adds a file where it lies, loads, estimates, unloads and forgets it", async () => {
    const folder = join(cli.home.paths.home, "with spaces ü");
    mkdirSync(folder);
    const path = makeModel(join(folder, "my model.gguf"), { architecture: "llama" });
    const { id } = await cli.json(["models", "add", path]);
    assert.match(id, /^my-model-[0-9a-f]{8}$/);
    assert.deepEqual(await cli.json(["models", "add", "my model.gguf"], { cwd: folder }), { id }, "the same file gives the same id");
    for (const model of await cli.json(["models"])) ModelSchema.parse(model);
    MemoryEstimateSchema.parse(await cli.json(["models", "estimate", id, "--context", "256"]));
    const loaded = await cli.json(["models", "load", id, "--context", "256", "--sequences", "2", "--threads", "1", "--gpu-layers", "0"]);
    assert.deepEqual([loaded.id, loaded.state], [id, "loaded"]);
    assert.deepEqual((await cli.json(["status"])).loaded, [id]);
    assert.match((await cli.run(["models"])).stdout, new RegExp(`^${id} +llama +F32 +\\S+ \\S+ +loaded$`, "m"));
    assert.equal((await cli.json(["models", "unload", id])).state, "available");
    assert.deepEqual(await cli.json(["models", "remove", id]), { removed: true });
    assert.ok(existsSync(path), "the user's own file stays");
    assert.equal((await cli.refused(["models", "remove", id])).exit, 3);
    const embedded = (await cli.json(["models"])).find((model: Wire) => model.embedded);
    const kept = await cli.refused(["models", "remove", embedded.id]);
    assert.deepEqual([kept.exit, kept.code], [4, "forbidden"], JSON.stringify(kept));
  });

  it("inspect: architecture, sizes, every site live or refused with the reason, chat template", async () => {
    const embedded = (await cli.json(["models"])).find((model: Wire) => model.embedded);
    const inspection = InspectionSchema.parse(await cli.json(["inspect", embedded.id]));
    assert.deepEqual([...new Set(inspection.sites.map(({ site }) => site))].sort(), [...SITES].sort());
    assert.ok(inspection.chatTemplate!.length > 10);
    const text = (await cli.run(["inspect", embedded.id])).stdout;
    const [size] = /\d+\.\d MB/.exec((await cli.run(["models"])).stdout)!;
    assert.ok(text.includes(`, ${size}, `), "one size for one file");
    for (const site of SITES) assert.match(text, new RegExp(`^ +${site.replace(".", "\\.")} `, "m"));
    const moe = makeModel(join(cli.home.paths.home, "moe.gguf"), { architecture: "mixtral" });
    const refused = InspectionSchema.parse(await cli.json(["inspect", moe])).sites.filter(({ live }) => !live);
    assert.ok(refused.some(({ site, reason }) => site === "mlp.mid" && reason !== null && reason.length > 5));
    assert.match((await cli.run(["inspect", moe])).stdout, /^ +mlp\.mid +refused +layers 0-\d+ +\S/m);
  });

  it("presets: refuses with line and column, saves, shows, lists, deletes; a broken file changes nothing", async () => {
    const good = file("mine.steer.yaml", PRESET);
    PresetEntrySchema.parse(await cli.json(["presets", "save", good]));
    assert.equal((await cli.json(["presets", "show", "mine"])).text, PRESET);
    const bad = file("bad.steer.yaml", PRESET.replace("strength: 0.5", "strength: .nan"));
    const error = await cli.refused(["presets", "save", bad, "--id", "mine"]);
    assert.deepEqual([error.exit, error.code, error.field, error.line, error.column], [4, "bad-preset", "controls.joy.strength", 4, 30]);
    assert.equal((await cli.run(["presets", "show", "mine"])).stdout, PRESET);
    assert.match((await cli.run(["presets"])).stdout, /^mine +Mine +joy 0\.5 +your own$/m);
    assert.deepEqual(await cli.json(["presets", "delete", "mine"]), { deleted: true });
    assert.equal((await cli.refused(["presets", "delete", "mine"])).exit, 3);
    assert.equal((await cli.refused(["presets", "show", "mine"])).exit, 3);
    assert.equal((await cli.refused(["presets", "save", "none.yaml"])).exit, 3);
    const shipped = (await cli.json(["presets"])).find((entry: Wire) => entry.shipped);
    assert.deepEqual((await cli.refused(["presets", "delete", shipped.id])).code, "forbidden");
  });

  it("presets: each shipped one fits the embedded model, and none fits another", async () => {
    for (const entry of await cli.json(["presets"])) assert.equal(entry.problem, null);
    const other = makeModel(join(cli.home.paths.home, "other.gguf"), { architecture: "llama" });
    const entries = await cli.json(["presets", "list", "--model", other]);
    assert.ok(entries.length > 0);
    for (const entry of entries) assert.match(entry.problem, /another model/);
  });

  it("token: another app gets its own access, with its scopes and no more, until it is revoked", async () => {
    const { entry, token } = await cli.json(["token", "create", "--name", "reader", "--scope", "generate,capture"]);
    assert.deepEqual([entry.name, entry.scopes], ["reader", ["generate", "capture"]]);
    const text = await cli.run(["token", "create", "--name", "second", "--scope", "generate", "--scope", "load"]);
    assert.match(text.stdout, /^[\w-]{22}\n\(id \w+, generate, load; it is not shown again\)\n$/);
    const { url } = await cli.json(["status"]);
    const app = await connect(url, { token });
    assert.deepEqual((await app.call("daemon.status")).clients > 0, true);
    assert.equal((await app.refused("daemon.stop")).code, "forbidden");
    const listed = await cli.json(["token", "list"]);
    assert.deepEqual(
      listed.map(({ name }: Wire) => name),
      ["reader", "second"],
    );
    assert.ok(!JSON.stringify(listed).includes(token));
    assert.deepEqual(await cli.json(["token", "revoke", entry.id]), { revoked: true });
    assert.equal((await app.closed).code, 4003);
    await assert.rejects(connect(url, { token }), /401/);
    assert.equal((await cli.refused(["token", "revoke", entry.id])).exit, 3);
  });

  it("clean: shows first, deletes with --yes, keeps what is the user's own, and never beside a running daemon", async () => {
    const own = file("mine.steer.yaml", PRESET);
    await cli.json(["presets", "save", own]);
    const running = await cli.refused(["clean", "--yes"]);
    assert.deepEqual([running.exit, running.code], [6, "conflict"]);
    await cli.json(["stop"]);
    const shown = await cli.json(["clean"]);
    assert.deepEqual([shown.deleted, shown.items.some((item: Wire) => item.path.endsWith("daemon.log"))], [false, true]);
    assert.ok(existsSync(join(cli.home.paths.home, "daemon.log")));
    const cleaned = await cli.json(["clean", "--yes"]);
    assert.equal(cleaned.deleted, true);
    assert.ok(!existsSync(join(cli.home.paths.home, "daemon.log")));
    assert.ok(existsSync(join(cli.home.paths.presets, "mine.steer.yaml")));
    assert.equal((await cli.json(["clean", "--everything"])).deleted, false);
    await cli.json(["clean", "--everything", "--yes"]);
    assert.deepEqual(
      ["presets", "tokens.json", "models.json"].filter((name) => existsSync(join(cli.home.paths.home, name))),
      [],
    );
    assert.equal(readFileSync(own, "utf8"), PRESET);
    assert.ok(readdirSync(cli.home.paths.home).includes("other.gguf"), "files that are not the store's stay");
  });
});
