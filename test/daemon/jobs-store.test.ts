import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { Job } from "../../daemon/protocol/api/library.ts";
import { createdJob, JobStore, newJobId, type StoredJob } from "../../daemon/store/jobs.ts";

const EXPERIMENT = { id: "directions/from-pairs", title: "Direction from pairs" };
const params = { id: "direction/x", templates: { positive: "a {}", negative: "b {}", texts: ["1", "2"] } };

function stored(id: string, change: Partial<Job> = {}): StoredJob {
  return { job: { ...createdJob(id, EXPERIMENT, "direction/x"), ...change }, model: "model", experiment: EXPERIMENT.id, params };
}

describe("store: jobs", () => {
  let folder: string;
  const warned: string[] = [];
  const open = (): JobStore => new JobStore(folder, (message) => warned.push(message));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tiller-jobs-"));
    warned.length = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("are kept with why they failed, newest first", () => {
    const store = open();
    const error = { code: "wrong-model", message: "made for another", suggestion: "make it again" };
    store.add(stored("000000001-00000001", { state: "failed", error }));
    store.add(stored("000000002-00000002"));
    const found = open().list();
    assert.deepEqual(
      found.map(({ job }) => [job.id, job.error]),
      [
        ["000000002-00000002", null],
        ["000000001-00000001", error],
      ],
    );
    assert.deepEqual(warned, []);
  });

  it("that cannot be written change in memory; a new one is refused; what was finished is held until it can be written", () => {
    const store = open();
    const id = newJobId();
    store.add(stored(id));
    renameSync(folder, `${folder}.gone`);
    store.put(stored(id, { state: "running" }));
    assert.throws(() => store.save(id), /could not be written/);
    assert.equal(store.get(id)!.job.state, "running");
    assert.throws(() => store.savePart(id, { a: 1 }), /could not be written/);
    assert.deepEqual(store.loadPart(id), { a: 1 });
    assert.throws(() => store.add(stored("000000001-00000001")), /could not be written/);
    assert.equal(store.get("000000001-00000001"), null);
    store.dropPart(id);
    renameSync(`${folder}.gone`, folder);
    assert.equal(store.loadPart(id), null);
    store.savePart(id, { a: 2 });
    assert.deepEqual(open().loadPart(id), { a: 2 });
  });

  it("that cannot be read are told of once and put aside, and parts that belong to none are removed", () => {
    const store = open();
    store.add(stored("000000001-00000001"));
    store.savePart("000000001-00000001", { a: 1 });
    store.add(stored("000000002-00000002", { state: "failed" }));
    store.savePart("000000002-00000002", { a: 2 });
    store.add(stored("000000003-00000003", { state: "done" }));
    store.savePart("000000003-00000003", { a: 3 });
    store.savePart("000000004-00000004", { a: 4 });
    writeFileSync(join(folder, "000000001-00000001.json"), JSON.stringify({ ...stored("000000001-00000001"), experiment: 7 }));
    const again = open();
    assert.equal(warned.length, 1);
    assert.match(
      warned[0]!,
      /^the job 000000001-00000001 cannot be read \(experiment: .*\): its file is now 000000001-00000001\.json\.unreadable$/,
    );
    assert.deepEqual(readdirSync(folder).sort(), [
      "000000001-00000001.json.unreadable",
      "000000002-00000002.json",
      "000000002-00000002.part.json",
      "000000003-00000003.json",
    ]);
    assert.deepEqual(again.loadPart("000000002-00000002"), { a: 2 });
    open();
    assert.equal(warned.length, 1);
  });

  it("beyond two hundred that ended are forgotten with their parts, oldest first", () => {
    const store = open();
    const id = (i: number): string => `${String(i).padStart(9, "0")}-00000000`;
    store.add(stored(id(0), { state: "cancelled" }));
    store.savePart(id(0), { a: 1 });
    store.add(stored(id(1)));
    for (let i = 2; i < 202; i++) store.put(stored(id(i), { state: "done" }));
    store.save(id(201));
    assert.equal(store.get(id(0)), null);
    assert.ok(!existsSync(join(folder, `${id(0)}.part.json`)));
    assert.ok(store.get(id(1)) !== null && store.get(id(2)) !== null);
  });
});
