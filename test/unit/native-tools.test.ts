import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { REPOSITORY } from "../support/shared.ts";

const TOOLS = pathToFileURL(join(REPOSITORY, "out", "daemon", "native", "tools.js")).href;

/** What is said on a machine that has these programs and no others. */
function said(...programs: string[]): string {
  const path = mkdtempSync(join(tmpdir(), "tiller-tools-"));
  writeFileSync(join(path, "any"), "#!/bin/sh\nexit 0\n", { mode: 0o755 });
  for (const program of programs) symlinkSync("any", join(path, program));
  const script = `import { requireTools } from ${JSON.stringify(TOOLS)}; try { requireTools(); } catch (error) { console.log(error.message); }`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { env: { PATH: path }, encoding: "utf8" });
  rmSync(path, { recursive: true });
  return stdout;
}

describe("native build: what it needs", () => {
  before(function () {
    if (process.platform === "win32") this.skip();
  });

  it("names all that is missing at once, with the line that installs it", () => {
    assert.match(said(), /git and cmake and a C\+\+ compiler and make cannot be found/);
    assert.match(said("git", "cmake", "make"), /its native core once, and a C\+\+ compiler cannot be found/);
    assert.match(said("git", "cmake", "g++"), /and make cannot be found/);
    if (process.platform === "linux") assert.match(said("git"), /apt-get install git cmake g\+\+ make/);
  });

  it("is content with any of several", () => {
    assert.equal(said("git", "cmake", "clang++", "ninja"), "");
    assert.equal(said("git", "cmake", "c++", "make"), "");
  });
});
