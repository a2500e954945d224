/** A context takes memory as it is used, and keeps what it has: read from the engine's own process. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineUnderTest } from "../support/engine.ts";
import { makeModel } from "../support/models/index.ts";
import { skip } from "../support/shared.ts";

/** Keys and values of 4 kB a token: eight sequences of 8192 tokens are 256 MiB. */
const SIZE = { layers: 4, d: 256, f: 256, heads: 8, kvHeads: 8, headDim: 32, vocabulary: 512, context: 8192 };
const MIB = 1024 ** 2;

describe("engine: memory as it is used", () => {
  const folder = mkdtempSync(join(tmpdir(), "tiller-growth-"));
  let engine: EngineUnderTest;
  before(async function () {
    if (process.platform !== "linux") skip(this, "reads /proc, and only Linux gives pages on demand");
    const path = makeModel(join(folder, "model.gguf"), { architecture: "llama", type: "Q8_0", size: SIZE });
    // JavaScript's own heap takes what it may before it looks for what is no longer used: here it may take little.
    const before = process.env["NODE_OPTIONS"];
    process.env["NODE_OPTIONS"] = "--max-old-space-size=40";
    engine = await EngineUnderTest.load(path, { sequences: 8, contextSize: 0, kvType: "f16" });
    if (before === undefined) delete process.env["NODE_OPTIONS"];
    else process.env["NODE_OPTIONS"] = before;
  });
  after(async () => {
    await engine?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const resident = (): number => Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${engine.child.pid}/status`, "utf8"))![1]) * 1024;
  const ask = (id: number): Promise<unknown> =>
    engine.generate({
      id: `a:${id}`,
      tokens: [1, 300 + (id % 100), 270 + (id % 30)],
      sampling: { maxTokens: 3, temperature: 1, seed: id },
    });

  it("eight sequences of full length cost little before they are used", async () => {
    const before = resident();
    assert.equal(engine.model!.memory.kvBytes, 256 * MIB);
    const tokens = Array.from({ length: 4000 }, (_, i) => 270 + (i % 200));
    await engine.generate({ id: "long", tokens, sampling: { maxTokens: 1, temperature: 0 } });
    const grown = resident() - before;
    // 4000 of its tokens are 16 MiB; the rest is the step's own memory, touched for the first time
    assert.ok(grown > 12 * MIB && grown < 128 * MIB, `${grown / MIB} MiB`);
    assert.ok(resident() < before + 256 * MIB);
  });

  it("short requests leave nothing behind: after 2,000 no more is held than after 1,000", async () => {
    const run = async (from: number, to: number): Promise<void> => {
      for (let id = from; id < to; id += 10) await Promise.all(Array.from({ length: 10 }, (_, i) => ask(id + i)));
    };
    await run(0, 1000);
    const few = resident();
    await run(1000, 2000);
    const many = resident();
    assert.ok(many <= 1.05 * few, `${few / MIB} MiB, then ${many / MIB} MiB`);
  });
});
