import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { encodeGguf, entry } from "../../daemon/formats/gguf/index.ts";
import { TillerError } from "../../daemon/protocol/errors.ts";
import type { ArtifactStore } from "../../daemon/store/artifacts.ts";
import { removeLeftovers, storageError, writeAtomic, writeSynced } from "../../daemon/store/atomic.ts";
import { ModelStore } from "../../daemon/store/models.ts";
import { inside, makeFolders, storePaths } from "../../daemon/store/paths.ts";
import { PresetStore } from "../../daemon/store/presets.ts";
import { foundDirection } from "../support/artifact.ts";
import { makeModel } from "../support/models/index.ts";
import { REPOSITORY, skip } from "../support/shared.ts";
import { artifactStore } from "../support/store.ts";
import { version } from "../support/store-writer.ts";

const WRITER = join(REPOSITORY, "out", "test", "support", "store-writer.js");
const KILLS = 15;
const codeOf = (code: string) => (error: unknown) => error instanceof TillerError && error.code === code;

describe("stores", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tiller-store-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Starts the writer and kills it after a while that differs each time. */
  async function killWriter(what: string, target: string, afterMs: number): Promise<void> {
    const child = spawn(process.execPath, [WRITER, what, target, join(folder, "shipped")], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const exited = new Promise((resolve) => child.once("exit", resolve));
    await new Promise((resolve) => child.once("message", resolve));
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    child.kill("SIGKILL");
    await exited;
  }

  it("leaves the old or the new file when a write is killed at any point", async () => {
    const path = join(folder, "file");
    writeAtomic(path, version(0));
    for (let i = 0; i < KILLS; i++) {
      await killWriter("file", path, (i * 7) % 40);
      const text = readFileSync(path, "utf8");
      assert.equal(text, version(Number(/^name: v(\d+)$/m.exec(text)?.[1])));
    }
    removeLeftovers(folder, 0);
    assert.deepEqual(readdirSync(folder), ["file"]);
  });

  it("leaves the old or the new artifact, description and numbers together", async () => {
    const own = join(folder, "artifacts");
    mkdirSync(own);
    const open = (): ArtifactStore => artifactStore({ artifacts: own, shipped: join(folder, "shipped") });
    open().save(foundDirection({ id: "direction/growing", layers: 8, width: 512, title: "v0", value: 0 }));
    for (let i = 0; i < KILLS; i++) {
      await killWriter("artifact", own, (i * 11) % 60);
      const store = open();
      const loaded = store.load("direction/growing");
      assert.ok(loaded !== null);
      const n = Number(loaded.meta.title.slice(1));
      assert.deepEqual(loaded.tensors.get("vector")?.shape, [8, 512 + (n % 3)]);
      assert.equal(loaded.tensors.get("vector")?.data[0], n);
      assert.deepEqual(readdirSync(join(own, "direction")), ["growing"]);
    }
  });

  it("says that the disk is full and keeps the old version", function () {
    if (!existsSync("/dev/full")) skip(this, "needs /dev/full");
    assert.throws(
      () => {
        try {
          writeSynced("/dev/full", "x");
        } catch (error) {
          throw storageError(error, "x");
        }
      },
      (error: TillerError) => error.code === "storage-failed" && /disk is full/.test(error.message),
    );
  });

  it("refuses names and links that lead out", () => {
    for (const parts of [["..", "x"], ["a", "..", "..", "x"], ["/etc/passwd"]])
      assert.throws(() => inside(folder, ...parts), codeOf("forbidden"), parts.join("/"));
    const outside = mkdtempSync(join(tmpdir(), "tiller-outside-"));
    writeFileSync(join(outside, "evil.steer.yaml"), "tiller: 1\nname: evil\n");
    symlinkSync(outside, join(folder, "link"));
    assert.throws(() => inside(folder, "link", "evil.steer.yaml"), codeOf("forbidden"));
    const own = join(folder, "presets");
    mkdirSync(own);
    symlinkSync(join(outside, "evil.steer.yaml"), join(own, "evil.steer.yaml"));
    const presets = new PresetStore({ presets: own, shipped: join(folder, "none") });
    assert.equal(presets.get("evil"), null);
    assert.deepEqual(presets.list(), []);
    assert.throws(() => presets.save("evil", "tiller: 1\nname: x\n"), codeOf("forbidden"));
    assert.throws(() => presets.get("../evil"));
    rmSync(outside, { recursive: true });
  });

  it("notices an artifact whose numbers were changed", () => {
    const store = artifactStore({ artifacts: folder, shipped: join(folder, "none") });
    store.save(foundDirection({ id: "direction/joy", layers: 2, width: 8 }));
    const file = join(folder, "direction", "joy", "data.safetensors");
    const bytes = readFileSync(file);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(file, bytes);
    assert.throws(
      () => artifactStore({ artifacts: folder, shipped: "" }).load("direction/joy"),
      (error: TillerError) => /checksum/.test(error.message),
    );
    truncateSync(file, 10);
    assert.throws(() => store.load("direction/joy"), codeOf("bad-artifact"));
    assert.equal(store.delete("direction/joy"), true);
    assert.equal(store.load("direction/joy"), null);
  });

  it("says where its folders cannot be made, also where making them never ends", () => {
    for (const home of ["/proc/tiller", join(folder, "file", "home")]) {
      writeFileSync(join(folder, "file"), "");
      assert.throws(
        () => makeFolders(storePaths(home)),
        (error: TillerError) => error.code === "storage-failed" && error.message.includes(home.slice(0, 6)),
      );
    }
  });

  it("removing a downloaded model removes all its parts and nothing else", async () => {
    const paths = storePaths(join(folder, "home"));
    makeFolders(paths);
    const put = (name: string): string => {
      const path = join(paths.downloads, name);
      makeModel(path, { architecture: "llama", type: "F32", seed: 2 });
      return path;
    };
    const first = put("big-00001-of-00002.gguf");
    const others = ["big-00002-of-00002.gguf", "big-00001-of-00003.gguf", "bigger-00002-of-00002.gguf", "big-x-00002-of-00002.gguf"].map(
      put,
    );
    const models = new ModelStore(paths);
    const { id } = await models.add(first, { downloaded: true });
    assert.ok(models.remove(id));
    assert.deepEqual(
      [first, ...others].map((path) => existsSync(path)),
      [false, false, true, true, true],
    );
  });

  it("knows a model by its content: same file same id, another quantisation another, a replaced file is missed", async () => {
    const paths = storePaths(join(folder, "home"));
    makeFolders(paths);
    const models = new ModelStore(paths);
    const file = makeModel(join(folder, "My model (1).gguf"), { architecture: "llama" });
    const copy = makeModel(join(folder, "copy", "My model (1).gguf"), { architecture: "llama" });
    const quantised = makeModel(join(folder, "q8.gguf"), { architecture: "llama", type: "Q8_0" });
    const first = await models.add(file);
    assert.match(first.id, /^My-model-1-?-[0-9a-f]{8}$/);
    assert.equal((await models.add(copy)).id, first.id);
    const other = await models.add(quantised);
    assert.notEqual(other.fingerprint, first.fingerprint);
    assert.deepEqual([first.quantisation, other.quantisation], ["F32", "Q8_0"]);
    assert.deepEqual([first.architecture, first.layers, first.width, first.contextTrained], ["llama", 3, 64, 512]);
    const again = new ModelStore(paths);
    assert.equal((await again.resolve(first.id)).fingerprint, first.fingerprint);
    makeModel(quantised, { architecture: "llama", type: "F32", seed: 5 });
    assert.equal((await again.resolve(other.id)).problem?.missing, true);
    rmSync(file);
    assert.equal((await again.resolve(first.id)).problem?.missing, true);
    await assert.rejects(models.add(join(folder, "none.gguf")), codeOf("not-found"));
    writeFileSync(join(folder, "text.gguf"), "not a model");
    await assert.rejects(models.add(join(folder, "text.gguf")), codeOf("bad-model-file"));
    // GGUF, but no model that could ever be loaded: it would stand in every list
    writeFileSync(
      join(folder, "odd.gguf"),
      encodeGguf({
        metadata: [
          ["general.architecture", entry.string("llama")],
          ["llama.block_count", entry.f32(1.5)],
        ],
        tensors: [],
      }),
    );
    await assert.rejects(models.add(join(folder, "odd.gguf")), codeOf("bad-model-file"));
  });
});
