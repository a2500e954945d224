/** The addon when things end, fail or change at a bad moment: always an error in JavaScript, never the end of the process. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DecodeRequest, NativeContext } from "../../daemon/engine/model/native.ts";
import { makeModel } from "../support/models/index.ts";
import { GREEDY, IDENTITY, NOTHING, noise, type OpenModel, openNative } from "../support/native.ts";
import { skip } from "../support/shared.ts";

const TAP = { site: "mlp.mid", layer: 1 } as const;
const OTHER = { site: "resid", layer: 0 } as const;

/** @returns what was made, and a clock of the processor time of the threads that came with it: no others, such as the collector's */
function withThreads<T>(make: () => T): { made: T; spentNs: () => number } {
  const before = new Set(readdirSync("/proc/self/task"));
  const made = make();
  const threads = readdirSync("/proc/self/task").filter((id) => !before.has(id));
  const time = (id: string): number => Number(readFileSync(`/proc/self/task/${id}/schedstat`, "utf8").split(" ")[0]);
  return { made, spentNs: () => threads.reduce((sum, id) => sum + time(id), 0) };
}

/** Until the decoding thread has taken up another decode. */
async function begun(context: NativeContext, before: number): Promise<void> {
  while (context.decodesBegun() === before) await new Promise((resolve) => setImmediate(resolve));
}

function request(tokens: readonly number[], changes: Partial<DecodeRequest> = {}): DecodeRequest {
  const n = tokens.length;
  return {
    tokens: Int32Array.from(tokens),
    positions: Int32Array.from(tokens, (_, i) => i),
    sequences: new Int32Array(n),
    outputs: new Uint8Array(n).fill(2),
    samplers: new Int32Array(n).fill(-1),
    capture: null,
    classes: null,
    ...changes,
  };
}

describe("native core: ends and faults", () => {
  const folder = mkdtempSync(join(tmpdir(), "tiller-native-"));
  let open: OpenModel;
  let context: NativeContext;
  before(async () => {
    open = await openNative(makeModel(join(folder, "model.gguf"), { architecture: "llama" }));
  });
  beforeEach(() => {
    context = open.context();
  });
  afterEach(() => context.close());
  after(async () => {
    await open?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Every row's values at the tap, after a decode of `count` tokens. */
  async function captured(count: number): Promise<{ rows: Int32Array; data: Float32Array }> {
    context.configure({ ...NOTHING, taps: [TAP] });
    const tokens = Array.from({ length: count }, (_, i) => i % 50);
    const { captures } = await context.decode(request(tokens, { capture: new Uint8Array(count).fill(1) }));
    assert.equal(captures.length, 1);
    return { rows: captures[0]!.rows, data: captures[0]!.data };
  }

  it("closing waits for a decode that runs: all of it comes, and it is right", async () => {
    const expected = await captured(200);
    context.seqRemove(0, -1, -1);
    const before = context.decodesBegun();
    const running = captured(200);
    await begun(context, before);
    const [result] = await Promise.all([running, context.close()]);
    assert.deepEqual(result, expected);
  });

  it("closing does not hold JavaScript up while a decode runs", async function () {
    if (process.platform !== "linux") skip(this, "reads the threads' times from /proc");
    const size = { layers: 8, d: 256, f: 704, heads: 8, kvHeads: 4, headDim: 32 };
    const large = await openNative(makeModel(join(folder, "large.gguf"), { architecture: "llama", size }));
    try {
      const { made: slow, spentNs } = withThreads(() => large.context({ threads: 1 }));
      const tokens = Array.from({ length: 256 }, (_, i) => i % 50);
      const start = spentNs();
      await slow.decode(request(tokens));
      const whole = spentNs() - start;
      slow.seqRemove(0, -1, -1);
      const before = slow.decodesBegun();
      const running = slow.decode(request(tokens));
      await begun(slow, before);
      const order: string[] = [];
      const decoded = running.then(() => order.push("decoded"));
      const asked = spentNs();
      const closed = slow.close().then(() => order.push("closed"));
      const spent = spentNs() - asked;
      await Promise.all([decoded, closed]);
      assert.deepEqual(order, ["decoded", "closed"]);
      assert.ok(spent < whole / 2, `a decode takes ${whole} ns, ${spent} ns of them while close() was called`);
    } finally {
      await large.close();
    }
  });

  it("a model that was unloaded is refused, also where another lies at its address", async () => {
    const path = join(folder, "model.gguf");
    const gone = await openNative(path);
    const { tokens, rows } = { tokens: gone.model.tokenize("a", false, false), rows: gone.model.tensors().length };
    assert.ok(tokens.length > 0 && rows > 0);
    await gone.close();
    const other = await openNative(path);
    const calls: (() => unknown)[] = [
      () => gone.model.facts(),
      () => gone.model.sites(),
      () => gone.model.tensors(),
      () => gone.model.readRows("output.weight", 0, 1),
      () => gone.model.tokenize("a", false, false),
      () => gone.model.bos(),
      () => gone.context(),
    ];
    for (const call of calls) assert.throws(call, /unloaded/, String(call));
    await other.close();
  });

  it("settings that a sampler cannot be made from cost no memory", () => {
    const words = Array.from({ length: 2000 }, (_, i) => `"w${i}x"`).join(" | ");
    const bad = { ...GREEDY, grammar: { gbnf: `root ::= ${words}`, root: "root" }, seed: undefined as unknown as number };
    const attempt = () => assert.throws(() => context.createSampler(bad), /seed must be a number/);
    for (let i = 0; i < 20; i++) attempt();
    const before = process.memoryUsage.rss();
    for (let i = 0; i < 300; i++) attempt();
    // one that leaks keeps its rules, some 100 kB
    const kept = process.memoryUsage.rss() - before;
    assert.ok(kept < 10e6, `${kept} bytes`);
  });

  it("closing at once leaves no decode open: it was done and is right, or had not begun and is refused as closed", async () => {
    const expected = await captured(4);
    for (let round = 0; round < 20; round++) {
      await context.close();
      context = open.context();
      const asked = captured(4);
      const [settled] = await Promise.allSettled([asked, context.close()]);
      if (settled.status === "fulfilled") assert.deepEqual(settled.value, expected);
      else {
        assert.equal(settled.reason.code, "closed");
        assert.match(settled.reason.message, /before this decode began/);
      }
    }
  });

  it("a closed context refuses everything by name", async () => {
    await context.close();
    await context.close();
    const calls: (() => unknown)[] = [
      () => context.memory(),
      () => context.graphBuilds(),
      () => context.estimate(NOTHING),
      () => context.readAccumulators(),
      () => context.configure(NOTHING),
      () => context.bind(0, 0, 0),
      () => context.seqRemove(0, -1, -1),
      () => context.decode(request([1])),
    ];
    for (const call of calls) assert.throws(call, /closed/, String(call));
  });

  it("what is read from a context is read between decodes", async () => {
    const running = context.decode(request(Array.from({ length: 128 }, () => 3)));
    for (const call of [() => context.memory(), () => context.estimate(NOTHING), () => context.readAccumulators()])
      assert.throws(call, /between decodes/);
    await running;
    assert.ok(context.memory().kvBytes > 0);
  });

  it("one staged change that fails is told, and those after it are applied all the same", async () => {
    const plain = await context.decode(request([1, 9, 17]));
    context.setAccumulators({ sites: [TAP], classes: 1, bins: 0, low: 0, high: 1 });
    context.seqRemove(0, -1, -1);
    await assert.rejects(context.decode(request([1, 9, 17])), { code: "staging-failed", message: /no tap at mlp\.mid/ });
    // positions 0 to 2 are free again only if the removal was applied
    const again = await context.decode(request([1, 9, 17]));
    assert.deepEqual(again.logits, plain.logits);
  });

  it("accumulators follow their tap through another topology, and stop with it", async () => {
    const rows = { classes: new Int32Array(4) };
    context.configure({ ...NOTHING, taps: [TAP] });
    context.setAccumulators({ sites: [TAP], classes: 1, bins: 0, low: 0, high: 1 });
    await context.decode(request([1, 5, 6, 7], rows));
    const [once] = context.readAccumulators();
    assert.equal(once!.tokens[0], 4);

    // the tap moves behind a narrower place; then it is gone
    context.configure({ ...NOTHING, probes: [{ ...OTHER, count: 1, w: noise(64, 1) }], taps: [OTHER, TAP] });
    context.seqRemove(0, -1, -1);
    await context.decode(request([1, 5, 6, 7], rows));
    const [twice] = context.readAccumulators();
    assert.equal(twice!.tokens[0], 8);
    twice!.sum.forEach((sum, i) => {
      assert.ok(Math.abs(sum - 2 * once!.sum[i]!) <= 1e-4 * Math.max(1, Math.abs(sum)), `neuron ${i}`);
    });

    context.configure({ ...NOTHING, taps: [OTHER] });
    context.seqRemove(0, -1, -1);
    await context.decode(request([1, 5, 6, 7], rows));
    assert.equal(context.readAccumulators()[0]!.tokens[0], 8);
  });

  it("a profile written for a topology that is gone is an error of the next decode, not of the process", async () => {
    context.configure({ ...NOTHING, element: [{ ...OTHER, scale: true, shift: false }] });
    context.configure(NOTHING);
    context.writeProfile(1, { ...IDENTITY, element: [{ ...OTHER, indices: null, scale: noise(64, 2), shift: null }] });
    await assert.rejects(context.decode(request([1])), { code: "staging-failed" });
    assert.equal((await context.decode(request([1]))).rows.length, 1);
  });
});
