import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { Cli } from "../support/cli.ts";
import type { Wire } from "../support/rpc.ts";
import { makeSteeredHome, type SteeredHome } from "../support/steered-home.ts";

describe("cli: experiment", () => {
  let cli: Cli;
  let random: SteeredHome["model"];
  before(async () => {
    const { home, model } = await makeSteeredHome();
    cli = new Cli(home);
    random = model;
  });
  after(() => cli.dispose());
  const at = (name: string): string => join(cli.home.paths.home, name);

  it("lists what there is and shows the parameters of each, from the daemon's schemas", async () => {
    const listed = await cli.json(["experiment"]);
    const ids = listed.map(({ id }: Wire) => id);
    for (const id of ["directions/from-pairs", "directions/from-words", "directions/import", "elements/by-hand", "receipt", "import"])
      assert.ok(ids.includes(id), id);
    const { stdout } = await cli.run(["experiment", "show", "directions/from-pairs"]);
    assert.match(stdout, /^readAt +default "mean" +which tokens of a text are read/m);
    assert.match(stdout, /templates\.positive, templates\.negative, templates\.texts/);
    for (const id of ids) assert.equal((await cli.run(["experiment", "show", id])).code, 0, id);
  });

  it("runs one with parameters given singly or in a file, and says first what it would cost", async () => {
    writeFileSync(at("texts.txt"), "one\ntwo\nthree\nfour\n");
    const templates = [
      "--param",
      "templates.positive=good {}",
      "--param",
      "templates.negative=bad {}",
      "--param",
      `templates.texts=${at("texts.txt")}`,
    ];
    const args = ["experiment", "run", "directions/from-pairs", "--model", random.id, ...templates, "--param", "layers=2"];
    const cost = await cli.json([...args, "--param", "id=direction/own", "--estimate"]);
    assert.ok(cost.tokens > 8 && cost.bytes > 0);
    const { job, report } = await cli.json([...args, "--param", "id=direction/own"]);
    assert.deepEqual([job.state, job.result], ["done", "direction/own"]);
    assert.match(report.blocks[0].text, /Too few to tell: 2 held-out questions/);
    assert.deepEqual(
      report.blocks.map(({ id }: Wire) => id),
      ["data-warnings", "data", "layers", "separation"],
    );
    assert.deepEqual(
      (await cli.json(["report"])).map(({ id }: Wire) => id),
      [job.id],
    );
    assert.match((await cli.run(["report", "show"])).stdout, /Separation by layer \(chart\)\n[^\n]+\n\n.*--data/);
    assert.match((await cli.run(["report", "show", job.id, "--block", "separation"])).stdout, /^layer +auroc +on\n/m);
    assert.match((await cli.run(["report", "csv", job.id, "separation"])).stdout, /^layer,auroc,on\r\n\d/);
    assert.deepEqual(await cli.json(["report", "show", job.id]), report);
    assert.match((await cli.refused(["report", "csv", job.id, "seperation"])).message, /has no block 'seperation'/);
    writeFileSync(at("neurons.yaml"), "id: elements/own\ngroups:\n  - { site: mlp.mid, layer: 0, indices: [1, 2], values: 4 }\n");
    const made = await cli.json(["experiment", "run", "elements/by-hand", "--params", at("neurons.yaml"), "--model", random.id]);
    assert.equal(made.job.result, "elements/own");
    const answer = await cli
      .json(["run", "--model", random.id, "--prompt", "abc", "--set", "own=1", "--max-tokens", "2"])
      .catch(() => null);
    assert.ok(answer === null || answer.steered.steered);
  });

  it("names what is wrong: the experiment, the parameter, its value, or a name that is taken", async () => {
    const cases: [string[], number, RegExp][] = [
      [["experiment", "run", "directions/from-pears"], 2, /there is no experiment 'directions\/from-pears'/],
      [["experiment", "run", "receipt", "--param", "nothing=1"], 2, /there is no parameter 'nothing'/],
      [["experiment", "run", "receipt", "--param", "n"], 2, /must look like name=value/],
      [["experiment", "run", "receipt", "--param", "n=many"], 2, /n=many: must be a number/],
      [["experiment", "run", "directions/from-pairs", "--param", "readAt=first"], 2, /must be one of mean, last, prompt-end/],
      [["experiment", "run", "directions/from-pairs", "--param", "id=direction/x"], 2, /give exactly one of pairs and templates/],
      [["experiment", "run", "elements/by-hand", "--params", at("none.yaml")], 3, /no file/],
    ];
    for (const [args, exit, pattern] of cases) {
      const error = await cli.refused([...args, "--model", random.id]);
      assert.equal(error.exit, exit, error.message);
      assert.match(error.message, pattern);
    }
    const taken = await cli.refused(["experiment", "run", "elements/by-hand", "--params", at("neurons.yaml"), "--model", random.id]);
    assert.match(taken.message, /there is an artifact 'elements\/own' already/);
  });
});
