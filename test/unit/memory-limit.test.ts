import assert from "node:assert/strict";
import { memoryLimit } from "../../daemon/server/engines/memory-watch.ts";

const GB = 1024 ** 3;

describe("an engine's memory limit", () => {
  const model = { sizeBytes: 8 * GB, memory: { kvBytes: GB, computeBytes: GB / 2, steerBytes: GB / 2 } };

  it("follows from the model, and leaves the machine something", () => {
    assert.equal(memoryLimit(0, model, 64 * GB), 24 * GB);
    assert.equal(memoryLimit(0, model, 16 * GB), 16 * GB * 0.95);
  });

  it("is what the settings say, if they say something", () => {
    assert.equal(memoryLimit(GB, model, 64 * GB), GB);
  });
});
