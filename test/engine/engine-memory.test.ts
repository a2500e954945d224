/** The estimate that is shown before loading, against what llama.cpp then takes. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LoadOptions } from "../../daemon/protocol/api/model.ts";
import { EngineUnderTest, options } from "../support/engine.ts";
import { type ModelOptions, makeModel } from "../support/models/index.ts";

const SIZE = { layers: 3, d: 256, f: 768, heads: 8, kvHeads: 4, headDim: 32, vocabulary: 8192, context: 4096 };

const CASES: [string, Partial<ModelOptions>, Partial<LoadOptions>][] = [
  ["eight sequences share one cache", {}, { sequences: 8, contextSize: 1024 }],
  ["one sequence", {}, { sequences: 1, contextSize: 4096 }],
  ["flash attention, a large vocabulary", { size: { ...SIZE, vocabulary: 16384 } }, { flashAttention: "on", sequences: 2 }],
  ["a wide MLP, a short context", { size: { ...SIZE, f: 8192, vocabulary: 512 } }, { sequences: 1, contextSize: 256 }],
  ["sliding windows", { architecture: "gemma2" }, { sequences: 4, contextSize: 2048 }],
  [
    "a long context of sliding windows",
    { architecture: "gemma2", size: { ...SIZE, context: 16384 } },
    { sequences: 2, contextSize: 12288 },
  ],
  ["a quantised cache", {}, { kvType: "q8_0", flashAttention: "on", sequences: 4, contextSize: 2048 }],
];

describe("engine: the memory estimate", () => {
  const folder = mkdtempSync(join(tmpdir(), "tiller-memory-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [title, model, load] of CASES) {
    it(title, async () => {
      const path = makeModel(join(folder, "model.gguf"), { architecture: "llama", type: "Q8_0", size: SIZE, ...model });
      const engine = await EngineUnderTest.load(path, { kvType: "f16", ...load });
      try {
        const estimate = await engine.request("estimate", { path, options: options({ kvType: "f16", ...load }) });
        const { memory, facts } = engine.model!;
        assert.equal(estimate.kvBytes, memory.kvBytes);
        assert.equal(estimate.kvFirstBytes * (process.platform === "linux" ? estimate.sequences : 1), estimate.kvBytes);
        assert.equal(estimate.fullWindow, estimate.contextSize <= 8192);
        assert.ok(Math.abs(estimate.weightsBytes / facts.sizeBytes - 1) < 0.01, `${estimate.weightsBytes} of ${facts.sizeBytes}`);
        // at most one mask too much: models with sliding windows have two
        const mask = 4 * 512 * engine.model!.contextSize;
        const { computeBytes } = estimate;
        const told = `computing: estimated ${computeBytes}, taken ${memory.computeBytes}`;
        assert.ok(computeBytes >= 0.98 * memory.computeBytes && computeBytes <= 1.6 * memory.computeBytes + mask, told);
      } finally {
        await engine.stop();
      }
    });
  }
});
