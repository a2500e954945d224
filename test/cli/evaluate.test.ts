import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { stringify } from "yaml";
import { ReceiptSchema } from "../../daemon/protocol/receipt.ts";
import { Cli } from "../support/cli.ts";
import { finishedArms, QUICK_SPEC } from "../support/evaluation.ts";

describe("cli: evaluate", function () {
  this.timeout(0);
  let cli: Cli;
  let spec: string;
  before(() => {
    cli = new Cli();
    spec = join(cli.home.paths.home, "quick.eval.yaml");
    writeFileSync(spec, stringify(QUICK_SPEC));
  });
  after(() => cli.dispose());

  it("prints the receipt, as JSON or as a table with its verdict, and the same one for the same seed", async () => {
    const receipt = ReceiptSchema.parse(await cli.json(["evaluate", "spanish", "--spec", spec, "--seed", "3"]));
    assert.equal(receipt.preset, "spanish");
    assert.deepEqual([receipt.seed, receipt.seeds, receipt.prompts], [3, 2, 6]);
    const text = await cli.run(["evaluate", "direction/spanish", "--spec", spec, "--seed", "3", "--n", "13"]);
    assert.equal(text.code, 0);
    assert.match(
      text.stdout,
      /^(too few answers to tell: Spanish \S+ of answers \[\S+, \S+\] at 1\.25 \(N 1\d\)|no usable strength: Spanish)/m,
    );
    assert.match(text.stdout, /^strength +Spanish \[95 %\] +random/m);
    assert.match(text.stdout, /^Within the damage bounds from 0 to (0|1\.25): at most \+0\.25 bits per byte/m);
    assert.match(text.stdout, /^Verdict: (too few answers to tell|no usable strength)\.$/m);
    const again = ReceiptSchema.parse(await cli.json(["evaluate", "spanish", "--spec", spec, "--seed", "3"]));
    assert.equal(again.hash, receipt.hash);
  });

  it("measures an artifact by a judge on the questions that come with Tiller, against a prompt", async () => {
    const args = [
      "evaluate",
      "direction/spanish",
      "--judge",
      "language/es",
      "--asked",
      "Answer in Spanish.",
      "--strengths",
      "0.5,1",
      "--n",
      "26",
    ];
    const receipt = ReceiptSchema.parse(await cli.json(args));
    assert.equal(receipt.preset, null);
    assert.equal(receipt.judge.choice.id, "language");
    assert.deepEqual(
      receipt.points.map(({ strength }) => strength),
      [0, 0.5, 1],
    );
    assert.ok(receipt.prompts >= 10);
  });

  it("refuses what it cannot measure", async () => {
    const cases: [string[], number, string, RegExp][] = [
      [["evaluate", "none", "--spec", spec], 3, "not-found", /preset 'none'/],
      [["evaluate", "direction/none"], 3, "not-found", /direction\/none/],
      [["evaluate", "spanish", "--spec", join(cli.home.paths.home, "none.yaml")], 3, "not-found", /no file/],
      [["evaluate", "spanish", "--n", "1"], 2, "invalid-params", /--n 1/],
      [["evaluate", "direction/spanish", "--judge", "language/es"], 2, "invalid-params", /--asked/],
      [["evaluate", "direction/spanish", "--asked", "Answer in Spanish."], 2, "invalid-params", /--judge/],
      [["evaluate", "spanish", "--strengths", "1"], 2, "invalid-params", /--judge/],
      [
        ["evaluate", "direction/spanish", "--judge", "language/es", "--asked", "x", "--strengths", "1,two"],
        2,
        "invalid-params",
        /--strengths two/,
      ],
      [["evaluate", "direction/spanish", "--judge", "Spanish", "--asked", "x"], 2, "invalid-params", /emotion\/joy/],
      [
        ["evaluate", "spanish", "--judge", "language/es", "--asked", "x"],
        2,
        "invalid-params",
        /--judge measures a direction, and 'spanish' is a preset/,
      ],
      [["evaluate", "direction/spanish", "--judge", "nobody/es", "--asked", "x"], 3, "not-found", /no judge 'nobody'/],
      [["evaluate", "direction/spanish", "--judge", "language/spanish", "--asked", "x"], 2, "invalid-params", /no label 'spanish'/],
      [["evaluate", "direction/spanish", "--judge", "length/words", "--asked", "x"], 2, "invalid-params", /no label 'words'/],
      [["evaluate", "Not A Preset"], 2, "invalid-params", /preset/],
      [["evaluate", "./my.steer.yaml"], 2, "invalid-params", /^\.\/my\.steer\.yaml: a file is not taken here/],
      [["evaluate", "my.yaml"], 2, "invalid-params", /a file is not taken here/],
    ];
    for (const [args, exit, code, pattern] of cases) {
      const error = await cli.refused(args);
      assert.deepEqual([error.exit, error.code], [exit, code], error.message);
      assert.match(error.message, pattern);
    }
    const { suggestion } = await cli.refused(["evaluate", "./my.steer.yaml"]);
    assert.equal(suggestion, "Save a preset first: tiller presets save ./my.steer.yaml");
    const suggestions: [string[], RegExp][] = [
      [["evaluate", "talkative", "--judge", "length:words", "--asked", "x"], /tiller evaluate direction\/long --judge/],
      [["evaluate", "joy", "--judge", "emotion/joy", "--asked", "x"], /tiller evaluate direction\/joy --judge/],
      [["evaluate", "long"], /Did you mean direction\/long\? .*`tiller evaluate direction\/long` measures it/],
      [["evaluate", "direction/spansh"], /Did you mean direction\/spanish\?/],
    ];
    for (const [args, pattern] of suggestions) assert.match((await cli.refused(args)).suggestion, pattern, args.join(" "));
    writeFileSync(join(cli.home.paths.home, "bad.eval.yaml"), "tiller: 1\ntitle: x\nstrengths: [0]\n");
    const bad = await cli.refused(["evaluate", "spanish", "--spec", join(cli.home.paths.home, "bad.eval.yaml")]);
    assert.deepEqual([bad.exit, bad.code], [4, "bad-preset"]);
  });

  it("is cancelled by Ctrl-C, and says how it goes on", async () => {
    const running = cli.start(["evaluate", "spanish", "--spec", spec, "--n", "600"]);
    // The job is on disk from its start on, and its part once an arm is finished.
    while (finishedArms(cli.home).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    running.process.kill("SIGINT");
    const { code, stderr } = await running.ended;
    assert.equal(code, 130);
    const id = /`tiller jobs retry (\S+)`/.exec(stderr)![1]!;
    assert.ok(finishedArms(cli.home, id).length > 0);
  });
});
