import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "mocha";
import { ThreadCache } from "../../daemon/store/thread-cache.ts";

describe("store: learned threads", () => {
  const folder = mkdtempSync(join(tmpdir(), "tiller-threads-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "cache", "threads.json");

  it("are kept per model and machine, and added to", () => {
    const cache = new ThreadCache(path, "2 × A");
    assert.deepEqual(cache.get("sha256:a"), {});
    cache.keep("sha256:a", { one: 1 });
    cache.keep("sha256:a", { few: 2 });
    cache.keep("sha256:b", { one: 2 });
    assert.deepEqual(cache.get("sha256:a"), { one: 1, few: 2 });
  });

  it("are forgotten on another machine, and where the file is not one", () => {
    const kept = join(folder, "threads.json");
    new ThreadCache(kept, "2 × A").keep("sha256:a", { one: 1 });
    assert.deepEqual(new ThreadCache(kept, "2 × A").get("sha256:a"), { one: 1 });
    assert.deepEqual(new ThreadCache(kept, "8 × B").get("sha256:a"), {});
    for (const wrong of ["", "{}", '{"version":1,"machine":"2 × A","models":{"sha256:a":{"one":0}}}', "null"]) {
      writeFileSync(kept, wrong);
      assert.deepEqual(new ThreadCache(kept, "2 × A").get("sha256:a"), {}, wrong);
    }
  });
});
