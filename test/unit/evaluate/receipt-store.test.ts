import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import type { ArtifactStore } from "../../../daemon/store/artifacts.ts";
import { makeFolders, storePaths } from "../../../daemon/store/paths.ts";
import { foundDirection } from "../../support/artifact.ts";
import { madeReceipt } from "../../support/receipt.ts";
import { artifactStore } from "../../support/store.ts";

describe("store: receipts", () => {
  const home = mkdtempSync(join(tmpdir(), "tiller-receipts-"));
  const paths = storePaths(home);
  let store: ArtifactStore;
  before(() => {
    makeFolders(paths);
    store = artifactStore(paths);
  });
  after(() => rmSync(home, { recursive: true, force: true }));
  const found = (value: number) => foundDirection({ id: "direction/made", layers: 2, width: 4, value });

  it("lie beside the artifact, and are gone with the numbers that they speak of", () => {
    const meta = store.save(found(1));
    assert.deepEqual(store.get("direction/made")!.receipts, []);
    const receipt = madeReceipt("direction/made", meta.hash);
    store.saveReceipt(receipt);
    assert.deepEqual(store.get("direction/made")!.receipts, [receipt]);
    assert.deepEqual(store.list().find(({ id }) => id === "direction/made")!.receipts, [receipt]);
    const file = join(paths.artifacts, "direction", "made", "artifact.json");
    assert.ok(!readFileSync(file, "utf8").includes('"receipts"'));
    store.save(found(2));
    assert.deepEqual(store.get("direction/made")!.receipts, []);
  });

  it("of other numbers, and damaged ones, are not shown", () => {
    store.saveReceipt(madeReceipt("direction/made", "0".repeat(64)));
    assert.deepEqual(store.get("direction/made")!.receipts, []);
    writeFileSync(join(paths.artifacts, "direction", "made", "receipts", "0.json"), "{");
    assert.deepEqual(store.get("direction/made")!.receipts, []);
  });

  it("of a shipped artifact lie in the user's folder, and do not make it the user's own", () => {
    const [shipped] = store.list().filter(({ id }) => store.isShipped(id));
    assert.ok(shipped);
    const receipt = madeReceipt(shipped.id, shipped.hash);
    store.saveReceipt(receipt);
    assert.deepEqual(store.get(shipped.id)!.receipts[0], receipt);
    assert.ok(store.isShipped(shipped.id));
    assert.equal(store.delete(shipped.id), false);
    assert.ok(existsSync(join(paths.artifacts, ...shipped.id.split("/"), "receipts")));
    assert.ok(store.load(shipped.id));
  });
});
