/** Everything that is offered of an architecture is what transformers computes there. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../daemon/native/paths.ts";
import { compareApart } from "../support/architectures/apart.ts";
import { CONFIGURATIONS, findPython, INSTALL, makeAll, missing } from "../support/architectures/make.ts";
import { document, essence, type Row, SAME_MODEL, TOLERANCE } from "../support/architectures/table.ts";
import { skip } from "../support/shared.ts";

const TABLE = join(packageRoot(), "docs", "architectures.md");
const update = process.env["TILLER_UPDATE"] === "1";

describe("architectures: the native core beside transformers", () => {
  const rows: Row[] = [];
  const known = existsSync(TABLE) ? readFileSync(TABLE, "utf8") : "";
  let folder: string;

  before(async function () {
    this.timeout(0);
    const python = await findPython();
    if (python === null) skip(this, INSTALL);
    // one that is given stays
    folder = process.env["TILLER_ARCHITECTURES"] ?? mkdtempSync(join(tmpdir(), "tiller-architectures-"));
    if (!existsSync(join(folder, "made"))) makeAll(python, folder);
    writeFileSync(join(folder, "made"), "");
  });

  after(() => {
    if (folder !== undefined && process.env["TILLER_ARCHITECTURES"] === undefined) rmSync(folder, { recursive: true, force: true });
    if (update && rows.length === CONFIGURATIONS.length) writeFileSync(TABLE, document(rows));
  });

  for (const name of CONFIGURATIONS) {
    it(name, async function () {
      this.timeout(0);
      const lacking = missing(folder, name);
      const row: Row = lacking === null ? await compareApart(name, folder) : { name, reason: lacking };
      rows.push(row);
      if (!update) assert.ok(known.includes(essence(row)), `docs/architectures.md says otherwise than: ${essence(row)}`);
      if ("reason" in row || row.logits > SAME_MODEL) return;
      const bad = row.errors.filter(({ error }) => !(error <= TOLERANCE));
      assert.deepEqual(bad, [], "far from transformers");
      assert.ok(row.sum === null || row.sum <= 1e-5, `resid(l−1) + attn.add + mlp.add differs from resid(l) by ${row.sum}`);
    });
  }
});
