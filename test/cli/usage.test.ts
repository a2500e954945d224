import assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import { after, before, describe, it } from "mocha";
import { collect } from "../../daemon/cli/arguments/arguments.ts";
import { dueLine } from "../../daemon/cli/output/progress.ts";
import { createProgram } from "../../daemon/cli/program.ts";
import { editDistance, similar } from "../../daemon/protocol/similar.ts";
import { Cli, eachOf } from "../support/cli.ts";

describe("cli: arguments and help", () => {
  let cli: Cli;
  before(() => {
    cli = new Cli();
    // A home that is not there yet: what does not need one must not make one.
    rmSync(cli.home.paths.home, { recursive: true });
  });
  after(() => cli.dispose());

  it("prints help with every command and every exit code, and its version", async () => {
    for (const args of [[], ["--help"], ["help"]]) {
      const { code, stdout, stderr } = await cli.run(args);
      assert.equal(code, 0);
      assert.equal(stderr, "");
      for (const child of createProgram().commands) assert.match(stdout, new RegExp(`^ {2}${child.name()}\\b`, "m"));
      for (const exit of [0, 1, 2, 3, 4, 5, 6, 130]) assert.match(stdout, new RegExp(`^ +${exit} {2}\\w`, "m"));
    }
    assert.match((await cli.run(["--version"])).stdout, /^\d+\.\d+\.\d+\n$/);
  });

  it("prints the help of any command by name, and says what is missing or unknown", async () => {
    const { code, stdout } = await cli.run(["help", "vector", "make"]);
    assert.deepEqual([code, stdout], [0, (await cli.run(["vector", "make", "--help"])).stdout]);
    assert.match(stdout, /--held-out/);
    const unknown = await cli.refused(["help", "vector", "mak"]);
    assert.deepEqual([unknown.exit, unknown.field], [2, "command"]);
    assert.match(unknown.message, /there is no `tiller vector mak`/);
    const none = await cli.refused([]);
    assert.deepEqual([none.exit, none.code, none.message], [2, "invalid-params", "there is no command"]);
  });

  it("refuses an option that takes one value and is given twice, at every command", async () => {
    const leaves = createProgram().commands.flatMap((child) => [child, ...child.commands]);
    const many = leaves.flatMap((leaf) => leaf.options.filter(({ parseArg }) => parseArg === collect).map(({ long }) => long));
    assert.deepEqual([...new Set(many)].toSorted(), ["--param", "--scope", "--set", "--stop", "--template-variable"]);
    await eachOf(
      [
        ["run", "--prompt", "x", "--preset", "spanish", "--preset", "joyful"],
        ["evaluate", "joyful", "--seed", "1", "--seed", "1"],
        ["vector", "make", "direction/x", "--pairs", "a", "--pairs", "b"],
      ],
      async (args) => {
        const error = await cli.refused(args);
        const option = args.at(-2)!;
        assert.deepEqual([error.exit, error.field], [2, option.slice(2)]);
        assert.equal(error.message, `${option} is given twice, and takes one value`);
      },
    );
    const after = await cli.refused(["run", "--prompt", "x", "--set", "joy=1", "--set", "es=NaN"]);
    assert.equal(after.field, "set.es");
  });

  it("knows --json at each command and subcommand", async () => {
    const leaves = createProgram().commands.flatMap((child) => [child, ...child.commands]);
    assert.ok(leaves.length > 25);
    for (const leaf of leaves) assert.match(leaf.helpInformation(), /--json/, leaf.name());
    const { code, stdout } = await cli.run(["vector", "make", "--help"]);
    assert.equal(code, 0);
    assert.match(stdout, /^Usage: tiller vector make \[options\] \[id\]/);
  });

  it("refuses wrong arguments with code 2, the field and what to do, and starts nothing", async () => {
    const cases: [string[], string, RegExp][] = [
      [["fly"], "command", /unknown command 'fly'/],
      [["rnu"], "command", /Did you mean run/],
      [["models", "fly"], "command", /there is no `tiller models fly`/],
      [["run"], "prompt", /--prompt/],
      [["run", "--prompt", "x", "--fly"], "fly", /unknown option '--fly'/],
      [["run", "--prompt", ""], "prompt", /empty/],
      [["run", "--prompt", "x", "--seed", "1.5"], "seed", /--seed 1\.5: must be a whole number from 0/],
      [["run", "--prompt", "x", "--seed", "-1"], "seed", /--seed -1/],
      [["run", "--prompt", "x", "--max-tokens", "0"], "max-tokens", /--max-tokens 0/],
      [["run", "--prompt", "x", "--temperature", "NaN"], "temperature", /--temperature NaN/],
      [["run", "--prompt", "x", "--temperature", "hot"], "temperature", /a number from 0 to 5/],
      [["run", "--prompt", "x", "--set", "joy"], "set", /control=strength/],
      [["run", "--prompt", "x", "--set", "joy="], "set.joy", /must be a number/],
      [["run", "--prompt", "x", "--set", "joy=NaN"], "set.joy", /must be a number/],
      [["run", "--prompt", "x", "--set", "joy=Infinity"], "set.joy", /must be a number/],
      [["run", "--prompt", "x", "--set", "joy=1001"], "set.joy", /between -1000 and 1000/],
      [["run", "--prompt", "x", "--raw", "--system", "y"], "system", /--raw/],
      [["run", "--prompt", "x", "--grammar", "a", "--json-schema", "b"], "grammar", /give one of them/],
      [["chat", "--set", "joy=NaN"], "set.joy", /must be a number/],
      [["tap"], "prompt", /exactly one of --prompt and --tokens/],
      [["tap", "--prompt", "x", "--tokens", "1"], "prompt", /exactly one/],
      [["tap", "--prompt", "x", "--sites", "mlp.middle"], "sites", /no site 'mlp\.middle'/],
      [["tap", "--prompt", "x", "--layers", "4-2"], "layers", /--layers 4-2/],
      [["tap", "--tokens", "1,b"], "tokens", /must be ids/],
      [["tap", "--prompt", "x", "--no-logits"], "sites", /nothing to read/],
      [["inspect"], "model", /missing required argument 'model'/],
      [["serve", "--port", "65536"], "port", /--port 65536/],
      [["token", "create", "--name", "a", "--scope", "root"], "scope", /--scope root: must be generate/],
      [["token", "create", "--name", " ", "--scope", "generate"], "name", /1 to 80/],
      [["token", "create"], "name", /--name/],
      [["presets", "show", "A B"], "id", /not the name of a preset/],
      [["vector", "make", "joy", "--pairs", "x"], "id", /kind\/name/],
      [["vector", "export", "joy", "x"], "id", /'joy' is not the name of a direction/],
      [["vector", "make", "direction/joy"], "pairs", /either --pairs/],
      [["vector", "make", "direction/joy", "--pairs", "x", "--method", "magic"], "method", /mean-difference or pca/],
    ];
    await eachOf(cases, async ([args, field, message]) => {
      const error = await cli.refused(args);
      assert.deepEqual([error.exit, error.code, error.field], [2, "invalid-params", field], `${args.join(" ")}: ${JSON.stringify(error)}`);
      assert.match(error.message, message);
    });
    assert.ok(!existsSync(cli.home.paths.home));
  });

  it("says what was probably meant", async () => {
    assert.equal((await cli.refused(["vector", "export", "joy", "x"])).suggestion, "Did you mean direction/joy?");
    assert.equal((await cli.refused(["vector", "delete", "A B"])).suggestion, "For example direction/joy.");
    const names = ["joyful", "spanish", "talkative"];
    assert.deepEqual(
      ["joyfull", "Spanish", "spanihs", "talktive", "xyz", "", "plain"].map((name) => similar(name, names)),
      ["joyful", "spanish", "spanish", "talkative", null, null, null],
    );
    assert.deepEqual([editDistance("", "abc"), editDistance("kitten", "sitting"), editDistance("ab", "ba")], [3, 3, 1]);
  });

  it("names the help of the very command that was misused", async () => {
    assert.match((await cli.refused(["models", "add"])).suggestion, /`tiller models add --help`/);
    assert.match((await cli.refused(["models", "fly"])).suggestion, /list, add, download, load/);
  });

  it("tells progress where no terminal is at the start, at each tenth and every ten seconds", () => {
    const told: number[] = [];
    let last: ReturnType<typeof dueLine> = null;
    for (let second = 0; second <= 60; second++) {
      const line = dueLine(last, second <= 20 ? second / 40 : 0.5, second * 1000);
      if (line === null) continue;
      last = line;
      told.push(second);
    }
    assert.deepEqual(told, [0, 4, 8, 12, 16, 20, 30, 40, 50, 60]);
    assert.equal(dueLine({ tenth: 3, at: 0 }, 0.2, 5000), null, "a job that begins again does not count down");
  });

  it("bench hands its options to the bench runner, and its exit code back", async () => {
    const { code, stderr } = await cli.run(["bench", "--only", "no.such.row"]);
    assert.equal(code, 2);
    assert.match(stderr, /no row 'no\.such\.row'; rows: .*decode\.one/);
    assert.match((await cli.run(["bench", "--help"])).stdout, /--pairs N/);
  });

  it("says nothing on stdout when it fails without --json", async () => {
    const { code, stdout, stderr } = await cli.run(["run", "--prompt", "x", "--set", "joy=NaN"]);
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.equal(stderr, "tiller: joy=NaN: the strength must be a number\n");
  });
});
