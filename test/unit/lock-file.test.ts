/** What `npm ci` installs is what was looked at: every package in the lock file has a hash, but for some that no machine here could get. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { REPOSITORY } from "../support/shared.ts";

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optional?: boolean;
}

/** node-llama-cpp's libraries for other platforms; SECURITY.md names them, too. */
const WITHOUT = [
  "linux-riscv64",
  "mac-arm64-metal",
  "mac-x64",
  "win-arm64",
  "win-x64",
  "win-x64-cuda",
  "win-x64-cuda-ext",
  "win-x64-vulkan",
].map((name) => `node_modules/@node-llama-cpp/${name}`);

describe("lock file", () => {
  const { packages } = JSON.parse(readFileSync(join(REPOSITORY, "package-lock.json"), "utf8")) as { packages: Record<string, Locked> };
  const all = Object.entries(packages).filter(([path, { link }]) => path !== "" && link !== true);

  it("has a hash for every package that can be installed here", () => {
    const without = all.filter(([, { integrity }]) => integrity === undefined).map(([path]) => path);
    assert.deepEqual(without.sort(), WITHOUT);
    for (const path of WITHOUT) assert.equal(packages[path]!.optional, true, path);
    for (const [path, { integrity }] of all) if (integrity !== undefined) assert.match(integrity, /^sha512-/, path);
  });

  it("names no registry: each user's own is asked, and the hashes hold whichever it is", () => {
    for (const [path, { resolved }] of all) assert.equal(resolved, undefined, path);
  });
});
