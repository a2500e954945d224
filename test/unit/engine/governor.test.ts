/** The governor of threads against a machine that is made up: what steps take on it, and what others leave idle. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Governor } from "../../../daemon/engine/loop/governor.ts";
import { Candidates, type Step } from "../../../daemon/engine/loop/thread-learning.ts";

/** Steps that take `micros` of computing, on cores that `others` processes compete for, with threads that spin. */
class Machine {
  now = 0;
  others = 0;
  idle = 0;
  readonly cores: number;
  readonly governor: Governor;
  readonly kept: unknown[] = [];
  /** microseconds of a step of one row with so many threads, alone */
  readonly alone: (threads: number, rows: number) => number;

  constructor(cores: number, alone: (threads: number, rows: number) => number, learned = {}) {
    this.cores = cores;
    this.alone = alone;
    const candidates = new Candidates(cores, learned);
    this.governor = new Governor({ most: cores, candidates, idleTime: () => ({ at: this.now, idle: this.idle }) });
  }

  /** One step; others take from the threads what is not there for all. */
  step(rows = 1): Step {
    const threads = this.governor.threads(rows);
    const share = Math.min(1, this.cores / (threads + this.others));
    // a thread that lost its core makes all wait, also for the turns of others
    const micros = share < 1 && threads > 1 ? (this.alone(threads, rows) * 3) / share : this.alone(threads, rows) / share;
    const step = { rows, threads, micros, cpuMicros: threads * micros * share };
    this.now += micros / 1000;
    this.idle += (Math.max(0, this.cores - threads - this.others) * micros) / 1000;
    if (this.governor.took(step, this.now)) this.kept.push({ ...this.governor.learned });
    return step;
  }

  run(ms: number, rows = 1): Step[] {
    const end = this.now + ms;
    const steps: Step[] = [];
    while (this.now < end) steps.push(this.step(rows));
    return steps;
  }
}

const scales = (threads: number): number => 10_000 / threads ** 0.8;
const gainsNothing = (): number => 3_000;

describe("engine: the governor of threads", () => {
  it("learns from the answers which number is fastest, once, for steps of each size", () => {
    const large = new Machine(2, scales);
    large.run(1000);
    assert.deepEqual(large.governor.state, { now: 2, idle: 2 });
    const small = new Machine(2, gainsNothing);
    small.run(1000);
    assert.deepEqual(small.governor.state, { now: 1, idle: 1 }, "equal times: the fewer threads");
    assert.equal(small.kept.length, 1, "what is known is told once");
    assert.equal(small.governor.threads(8), 2, "steps of eight rows are something else");
    assert.equal(new Machine(2, scales, small.governor.learned).governor.threads(1), 1, "what was kept is used at once");
    const many = new Machine(16, (threads) => 10_000 / Math.min(threads, 4));
    many.run(3000);
    assert.equal(many.governor.state.idle, 4);
  });

  it("lowers within some tens of milliseconds where others take a core, and raises again when they are gone", () => {
    const machine = new Machine(2, scales, { one: 2 });
    machine.run(500);
    machine.others = 1;
    const began = machine.now;
    const steps = machine.run(300);
    const after = steps.findIndex(({ threads }) => threads === 1);
    const needed = steps.slice(0, after).reduce((sum, { micros }) => sum + micros / 1000, 0);
    assert.ok(after > 0 && needed <= 80, `${needed} ms`);
    assert.ok(
      steps.slice(after).every(({ threads }) => threads === 1),
      `steady from ${began}`,
    );
    assert.deepEqual(machine.governor.state, { now: 1, idle: 2 });
    machine.others = 0;
    const freed = machine.run(600).findIndex(({ threads }) => threads === 2);
    assert.ok(freed >= 0);
    assert.deepEqual(machine.governor.state, { now: 2, idle: 2 });
  });

  it("on many cores gives up about as many threads as others took", () => {
    const machine = new Machine(8, scales, { one: 8 });
    machine.others = 4;
    machine.run(2000);
    const { now } = machine.governor.state;
    assert.ok(now >= 3 && now <= 6, `${now} threads`);
  });

  it("tries again more and more rarely where cores only seem to be free", () => {
    const machine = new Machine(2, scales, { one: 2 });
    const raises: number[] = [];
    let before = 2;
    // others sleep whenever one thread computes, and wake as soon as there are two
    while (machine.now < 20_000) {
      const threads = machine.governor.threads(1);
      machine.others = threads === 2 ? 1 : 0;
      if (threads > before) raises.push(machine.now);
      before = threads;
      machine.step();
    }
    const gaps = raises.slice(1).map((at, i) => at - raises[i]!);
    assert.ok(raises.length >= 3 && raises.length <= 15, `${raises.length} raises`);
    assert.ok(gaps.at(-1)! > 4 * gaps[0]!, `${gaps.map(Math.round)}`);
  });

  it("steps that others disturbed teach nothing", () => {
    const machine = new Machine(2, scales);
    machine.others = 2;
    machine.run(2000);
    assert.deepEqual([machine.kept, machine.governor.state.idle], [[], 2]);
    machine.others = 0;
    machine.run(3000);
    assert.equal(machine.kept.length, 1);
    assert.equal(machine.governor.state.idle, 2);
  });
});
