import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { ArtifactStore } from "../../../daemon/store/artifacts.ts";
import { makeFolders, storePaths } from "../../../daemon/store/paths.ts";
import { foundDirection } from "../../support/artifact.ts";
import { madeReceipt } from "../../support/receipt.ts";

describe("store: receipts", () => {
  const home = mkdtempSync(join(tmpdir(), "tiller-receipts-"));
  const paths = storePaths(home);
  let store: ArtifactStore;
  before(() => {
    makeFolders(paths);
    store = new ArtifactStore(paths);
  });
  after(() => rmSync(home, { recursive: true, force: true }));
  const found = (value: number) => foundDirection({ id: "direction/made", layers: 2, width: 4, value });

  it("lie beside the artifact, and are gone with the numbers that they speak of", () => {
    const meta = store.save(found(1));
    assert.equal(store.get("direction/made")!.receipt, null);
    const receipt = madeReceipt("direction/made", meta.data.sha256);
    store.saveReceipt(receipt);
    assert.deepEqual(store.get("direction/made")!.receipt, receipt);
    assert.deepEqual(store.list().find(({ id }) => id === "direction/made")!.receipt, receipt);
    const file = join(paths.artifacts, "direction", "made", "artifact.json");
    assert.ok(!readFileSync(file, "utf8").includes('"receipt"'));
    store.save(found(2));
    assert.equal(store.get("direction/made")!.receipt, null);
  });

  it("of other numbers, and damaged ones, are not shown", () => {
    store.saveReceipt(madeReceipt("direction/made", "0".repeat(64)));
    assert.equal(store.get("direction/made")!.receipt, null);
    writeFileSync(join(paths.artifacts, "direction", "made", "receipt.json"), "{");
    assert.equal(store.get("direction/made")!.receipt, null);
  });

  it("of a shipped artifact lie in the user's folder, and do not make it the user's own", () => {
    const [shipped] = store.list().filter(({ id }) => store.isShipped(id));
    assert.ok(shipped);
    const receipt = madeReceipt(shipped.id, shipped.data.sha256);
    store.saveReceipt(receipt);
    assert.deepEqual(store.get(shipped.id)!.receipt, receipt);
    assert.ok(store.isShipped(shipped.id));
    assert.equal(store.delete(shipped.id), false);
    assert.ok(existsSync(join(paths.artifacts, ...shipped.id.split("/"), "receipt.json")));
    assert.ok(store.load(shipped.id));
  });
});
