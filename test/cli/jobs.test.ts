import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { stringify } from "yaml";
import { ReceiptSchema } from "../../daemon/protocol/receipt.ts";
import { foundDirection } from "../support/artifact.ts";
import { Cli } from "../support/cli.ts";
import { finishedArms, QUICK_SPEC, until } from "../support/evaluation.ts";
import type { Wire } from "../support/rpc.ts";
import { artifactStore } from "../support/store.ts";

describe("cli: jobs", function () {
  this.timeout(0);
  let cli: Cli;
  let args: string[];
  before(() => {
    cli = new Cli();
    const spec = join(cli.home.paths.home, "quick.eval.yaml");
    writeFileSync(spec, stringify({ ...QUICK_SPEC, seeds: 12 }));
    args = ["evaluate", "spanish", "--spec", spec];
  });
  after(() => cli.dispose());
  const jobs = (): Promise<Wire[]> => cli.json(["jobs"]);

  it("says that there is none, and of one that does not exist that it does not", async () => {
    assert.deepEqual(await jobs(), []);
    assert.match((await cli.run(["jobs", "list"])).stdout, /^There is no job\.$/m);
    for (const what of ["follow", "cancel", "retry"]) {
      const error = await cli.refused(["jobs", what, "0-00000000"]);
      assert.deepEqual([error.exit, error.code], [3, "not-found"]);
    }
  });

  it("a daemon that is killed: the command finds the job again with the next one, and it is done once", async () => {
    const running = cli.start([...args, "--seed", "1", "--json"]);
    await until(() => finishedArms(cli.home).length > 0);
    process.kill(cli.daemonPid!, "SIGKILL");
    const { code, stdout, stderr } = await running.ended;
    assert.equal(code, 0, stderr);
    assert.match(stderr, /the connection to the daemon was lost; looking for the job \S+ again/);
    assert.equal(ReceiptSchema.parse(JSON.parse(stdout)).seed, 1);
    assert.deepEqual(
      (await jobs()).map(({ state }) => state),
      ["done"],
    );
  });

  it("a daemon that is stopped: the command says how to go on, and asking again is the same job", async () => {
    const running = cli.start([...args, "--seed", "2", "--json"]);
    await until(() => finishedArms(cli.home).length > 0);
    assert.equal((await cli.run(["stop"])).code, 0);
    const stopped = await running.ended;
    const { error } = JSON.parse(stopped.stdout);
    assert.deepEqual([stopped.code, error.code], [5, "shutting-down"]);
    const id = /`tiller jobs follow (\S+)`/.exec(error.suggestion)![1]!;

    const again = cli.start([...args, "--seed", "2", "--json"]);
    const followed = await cli.run(["jobs", "follow", id]);
    assert.equal(followed.code, 0, followed.stderr);
    assert.match(followed.stdout, new RegExp(`^${id}: receipt done \\(direction/spanish\\)\\n.*Spanish`));
    assert.equal(ReceiptSchema.parse(JSON.parse((await again.ended).stdout)).seed, 2);
    assert.equal((await jobs()).filter(({ state }) => state === "done").length, 2);
    assert.equal((await cli.refused(["jobs", "retry", id])).exit, 6);
  });

  it("a job that fails: its own code, exit status and advice, also with --json", async () => {
    const { layers, width } = (await cli.json(["models"])).find((one: Wire) => one.embedded);
    const model = { fingerprint: `sha256:${"0".repeat(64)}`, quantisation: "F32", architecture: "llama" };
    artifactStore(cli.home.paths).save(foundDirection({ id: "direction/foreign", layers, width, model }));
    const foreign = ["evaluate", "direction/foreign", ...args.slice(2)];
    const error = await cli.refused(foreign);
    assert.deepEqual([error.exit, error.code], [4, "wrong-model"]);
    assert.match(error.suggestion, /tiller vector make/);
    const { stderr } = await cli.run(foreign);
    assert.match(stderr, /tiller: direction\/foreign was found in another model[^\n]*\n {2}Find it again/);
    const [job] = await jobs();
    assert.deepEqual([job.state, job.error.code, job.error.field], ["failed", "wrong-model", "controls.foreign.use"]);
    assert.equal((await cli.refused(["jobs", "follow", job.id])).exit, 4);
  });

  it("one that was cancelled goes on by retry", async () => {
    const running = cli.start([...args, "--seed", "3"]);
    await until(() => finishedArms(cli.home).length > 0);
    const id = (await jobs()).find(({ state }) => state === "running").id;
    assert.equal((await cli.json(["jobs", "cancel", id])).id, id);
    const { code, stderr } = await running.ended;
    assert.equal(code, 130);
    assert.match(stderr, new RegExp(`tiller jobs retry ${id}`));
    assert.ok(finishedArms(cli.home, id).length > 0);
    assert.equal((await cli.json(["jobs", "retry", id])).state, "queued");
    assert.equal((await cli.json(["jobs", "follow", id])).state, "done");
    assert.deepEqual(finishedArms(cli.home, id), []);
    assert.match(
      (await cli.run(["jobs"])).stdout,
      new RegExp(`^job +experiment +state\\s+[\\s\\S]*^${id} +receipt +done +direction/spanish$`, "m"),
    );
  });
});
