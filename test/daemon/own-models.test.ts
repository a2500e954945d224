/** Models that lie on the machine already: found in other programs' folders, added by path, and what is said where that cannot be. */
import assert from "node:assert/strict";
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "mocha";
import { repositoryOf, statedLicence } from "../../daemon/engine/model/licence.ts";
import { startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { type FoundHome, foundHome } from "../support/found-home.ts";
import { connect, type RpcClient } from "../support/rpc.ts";

describe("models of one's own", () => {
  let root: string;
  let home: FoundHome;
  let daemon: TestDaemon;
  let client: RpcClient;
  before(async () => {
    root = mkdtempSync(join(tmpdir(), "tiller-found-"));
    home = foundHome(root);
    daemon = await startTestDaemon({ env: home.env });
    client = await connect(daemon.url, { token: daemon.token });
  });
  after(async () => {
    await client?.close();
    await daemon?.dispose();
    rmSync(root, { recursive: true, force: true });
  });

  const found = async () =>
    (await client.call("model.found")).files as { id: string; name: string; program: string; model: string | null }[];
  const mine = async () =>
    (await found()).filter(({ name }) => ["owner/small-model/small.gguf", "tiny:1b", "owner_repo_file.gguf"].includes(name));

  it("finds what other programs have, by the names that they give, and changes nothing there", async () => {
    const before = tree(root);
    const files = await mine();
    assert.deepEqual(
      files.map(({ program, name, model }) => [program, name, model]),
      [
        ["Hugging Face", "owner/small-model/small.gguf", null],
        ["llama.cpp", "owner_repo_file.gguf", null],
        ["Ollama", "tiny:1b", null],
      ],
    );
    assert.ok(!(await found()).some(({ name }) => /mmproj|00002-of|broken/.test(name)));
    assert.doesNotMatch(JSON.stringify(files), new RegExp(root.replaceAll("\\", "\\\\")), "no path goes over the wire");
    assert.deepEqual(tree(root), before);
  });

  it("adds one of them, which everyone who is connected hears; it loads and answers, and is called as its program calls it", async () => {
    const listener = await connect(daemon.url, { token: daemon.token });
    const tiny = (await mine()).find(({ name }) => name === "tiny:1b")!;
    const model = await client.call("model.add", { found: tiny.id });
    assert.equal(model.name, "tiny:1b");
    assert.match(model.id, /^tiny-1b-[0-9a-f]{8}$/);
    await listener.until(() => listener.of("model.changed").some((event) => event.model.id === model.id));
    await client.call("model.load", { model: model.id, options: { threads: 1 } });
    const answer = await client.answer("generate.complete", { model: model.id, stream: "a", prompt: "a", sampling: { maxTokens: 2 } });
    assert.ok(answer.tokens.length > 0);
    assert.equal((await mine()).find(({ id }) => id === tiny.id)!.model, model.id);
    assert.deepEqual(await client.call("model.remove", { model: model.id }), { removed: true });
    assert.equal((await mine()).length, 3, "a file of another program is only forgotten");
    await listener.close();
  });

  it("adds a file by its path, in quotes and with spaces, under the file's name", async () => {
    const model = await client.call("model.add", { path: ` "${home.model}" ` });
    assert.equal(model.name, "Some-Model.Q8_0");
    assert.equal((await client.call("model.add", { path: home.model })).id, model.id);
    await client.call("model.remove", { model: model.id });
    assert.ok(lstatSync(home.model).isFile());
  });

  it("says what is wrong with a path and what to do", async () => {
    mkdirSync(join(root, "empty"));
    writeFileSync(join(root, "text.gguf"), "this is no model");
    const cases: readonly [object, string, RegExp, RegExp][] = [
      [{ path: "model.gguf" }, "invalid-params", /not a whole path/, /from the root on/],
      [{ path: join(root, "absent.gguf") }, "not-found", /there is no file/, /path of a GGUF file/],
      [{ path: join(root, "own") }, "bad-model-file", /is a folder/, /Some Model\.Q8_0\.gguf/],
      [{ path: join(root, "empty") }, "bad-model-file", /is a folder/, /path of a GGUF file/],
      [{ path: join(root, "text.gguf") }, "bad-model-file", /./, /|/],
      [{ path: "/dev/zero" }, "bad-model-file", /is not a file/, /path of a GGUF file/],
      [{ found: "0000000000000000" }, "not-found", /not there any more/, /Look again/],
      [{}, "invalid-params", /either found or path/, /|/],
      [{ found: "a", path: "/b" }, "invalid-params", /either found or path/, /|/],
    ];
    for (const [params, code, message, suggestion] of cases) {
      const error = await client.refused("model.add", params);
      assert.equal(error.code, code, JSON.stringify(params));
      assert.match(error.message, message);
      assert.match(error.body.data?.suggestion ?? "", suggestion);
    }
  });

  it("is for tokens that may load", async () => {
    const { token } = await client.call("daemon.token.create", { name: "reader", scopes: ["generate"] });
    const reader = await connect(daemon.url, { token });
    for (const method of ["model.found", "model.add", "model.offer"] as const) {
      const params = { "model.found": {}, "model.add": { path: home.model }, "model.offer": { uri: "hf:a/b" } }[method];
      assert.equal((await reader.refused(method, params)).code, "forbidden", method);
    }
    await reader.close();
  });

  it("an address is looked at under the same rules as a download; a licence is read as it is stated", async () => {
    for (const uri of ["https://evil.example/x.gguf", "file:///etc/passwd", "hf:../x"])
      assert.ok(await client.refused("model.offer", { uri }), uri);
    assert.equal(repositoryOf("hf:owner/repo:Q8_0"), "owner/repo");
    assert.equal(repositoryOf("https://huggingface.co/owner/repo/resolve/main/x.gguf"), "owner/repo");
    assert.equal(repositoryOf("https://example.org/owner/repo"), null);
    assert.equal(statedLicence({ cardData: { license: "apache-2.0" } }), "apache-2.0");
    assert.equal(statedLicence({ cardData: { license: "other", license_name: "own-1" } }), "own-1");
    assert.equal(statedLicence({ tags: ["gguf", "license:mit"] }), "mit");
    assert.equal(statedLicence({ tags: [] }), null);
    assert.equal(statedLicence(null), null);
  });
});

/** Every name below a folder, and when it was last changed. */
function tree(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => `${name} ${lstatSync(join(folder, name)).mtimeMs}`)
    .sort();
}
