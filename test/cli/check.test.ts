/** `tiller check`: what the language server finds, as lines that an editor's problem matcher and CI read. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "mocha";
import { Cli } from "../support/cli.ts";
import { REPOSITORY } from "../support/shared.ts";

const GOOD = "tiller: 2\nname: Good\ncontrols:\n  joy: { use: direction/joy, strength: 0.4 }\n";

describe("tiller check", () => {
  const cli = new Cli();
  after(() => cli.dispose());

  it("finds every preset of a folder, with line and column, and says by its exit code whether one has a mistake", async () => {
    const folder = join(cli.home.paths.home, "workspace");
    mkdirSync(join(folder, "deep"), { recursive: true });
    writeFileSync(join(folder, "good.steer.yaml"), GOOD);
    assert.equal((await cli.run(["check", "--offline"], { cwd: folder })).code, 0);
    assert.equal(cli.daemonPid, null, "--offline starts none");
    assert.equal((await cli.run(["check", "."], { cwd: folder })).code, 0);
    writeFileSync(join(folder, "deep", "bad.steer.yml"), GOOD.replace("direction/joy", "direction/joi").replace("0.4", "high"));
    writeFileSync(join(folder, "far.steer.yaml"), GOOD.replace("0.4", "0.9"));
    const { code, stdout } = await cli.run(["check"], { cwd: folder });
    assert.equal(code, 4);
    const { contributes } = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8"));
    const { regexp } = contributes.problemMatchers[0].pattern;
    const lines = stdout.trimEnd().split("\n");
    const read = lines.map((line) => new RegExp(regexp).exec(line)?.slice(1));
    assert.ok(
      read.every((match) => match !== undefined),
      stdout,
    );
    const places = read.map((match) => [match![0], match![1], match![3], match![5]]);
    assert.deepEqual(places, [
      [join("deep", "bad.steer.yml"), "4", "error", "bad-preset"],
      [join("deep", "bad.steer.yml"), "4", "error", "not-found"],
      ["far.steer.yaml", "4", "warning", "beyond-evidence"],
    ]);
    const { exit } = await cli.refused(["check", "nowhere"]);
    assert.equal(exit, 2);
  });
});
