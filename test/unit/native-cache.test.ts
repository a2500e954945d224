/** A kept build is taken in full and unharmed, or not at all. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cached, cacheKey, cacheRoot, keep } from "../../daemon/native/build-cache.ts";
import type { Prebuilt } from "../../daemon/native/prebuilt.ts";

const PREBUILT: Prebuilt[] = [{ variant: "cpu", folder: "", release: "v1", llama: "libllama.so", common: "libllama-common.so", ggml: [] }];

describe("native build: kept outside the checkout", () => {
  let folder: string;
  let root: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tiller-kept-"));
    root = join(folder, "kept");
    mkdirSync(join(folder, "built", "cpu"), { recursive: true });
    for (const name of ["libllama.so", "tiller.node"]) writeFileSync(join(folder, "built", "cpu", name), `the bytes of ${name}`);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("comes back as it was", () => {
    assert.equal(cached(root, "a", PREBUILT), null);
    keep(root, "a", PREBUILT, join(folder, "built"));
    const found = cached(root, "a", PREBUILT);
    assert.ok(found !== null);
    assert.equal(readFileSync(join(found, "cpu", "tiller.node"), "utf8"), "the bytes of tiller.node");
    assert.equal(cached(root, "b", PREBUILT), null);
  });

  it("is not taken when a file was changed, is missing, or another variant is wanted", () => {
    keep(root, "a", PREBUILT, join(folder, "built"));
    assert.equal(cached(root, "a", [...PREBUILT, { ...PREBUILT[0]!, variant: "vulkan" }]), null);
    writeFileSync(join(root, "a", "cpu", "tiller.node"), "other bytes");
    assert.equal(cached(root, "a", PREBUILT), null);
    keep(root, "a", PREBUILT, join(folder, "built"));
    rmSync(join(root, "a", "cpu", "libllama.so"));
    assert.equal(cached(root, "a", PREBUILT), null);
  });

  it("is one of few, and none is left half written", () => {
    for (const key of ["a", "b", "c", "d", "e", "f"]) keep(root, key, PREBUILT, join(folder, "built"));
    assert.equal(readdirSync(root).length, 4);
    rmSync(join(folder, "built", "cpu", "tiller.node"));
    keep(root, "g", PREBUILT, join(folder, "built"));
    assert.ok(readdirSync(root).every((name) => /^[a-f]$/.test(name)));
  });

  it("is of these sources, this compiler and these flags, and is kept in CI or where someone says", () => {
    assert.notEqual(cacheKey("x", {}), cacheKey("y", {}));
    assert.notEqual(cacheKey("x", {}), cacheKey("x", { CXXFLAGS: "-O0" }));
    assert.notEqual(cacheKey("x", {}), cacheKey("x", { CXX: "no-such-compiler" }));
    assert.equal(cacheKey("x", {}), cacheKey("x", {}));
    assert.equal(cacheRoot({}), null);
    assert.match(cacheRoot({ CI: "true" })!, /tiller-native$/);
    assert.equal(cacheRoot({ CI: "true", TILLER_NATIVE_CACHE: "/elsewhere" }), "/elsewhere");
  });
});
