/** Long-rope models: activations depend on which factors a context takes, so that has to be known and the same everywhere. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NativeContextOptions } from "../../daemon/engine/model/native.ts";
import { LONG_ROPE, makeModel } from "../support/models/index.ts";
import { distance, forward, NOTHING, type OpenModel, openNative, sequenceOf } from "../support/native.ts";

const TOKENS = [1, 40, 99, 7, 300, 12, 8, 31];

describe("native core: rope factors by context size", () => {
  const folder = mkdtempSync(join(tmpdir(), "tiller-rope-"));
  let open: OpenModel;
  before(async () => {
    open = await openNative(makeModel(join(folder, "model.gguf"), { architecture: "phi3-long" }));
  });
  after(async () => {
    await open?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function residual(options: Partial<NativeContextOptions>): Promise<Float32Array[]> {
    const context = open.context({ nSeqMax: 1, threads: 1, ...options });
    context.configure({ ...NOTHING, taps: [{ site: "resid", layer: 1 }] });
    return (await forward(context, sequenceOf(TOKENS), open.model.facts().vocabulary)).sites.get("resid@1")!;
  }

  it("says from which context size on the long ones hold", () => {
    assert.equal(open.model.facts().ropeContext, LONG_ROPE);
  });

  it("a small context beside a large one computes what the large one does", async () => {
    const short = await residual({ nCtx: LONG_ROPE });
    const long = await residual({ nCtx: 2 * LONG_ROPE });
    assert.ok(distance(short, long) > 1e-3, "the factors differ");
    assert.equal(distance(await residual({ nCtx: LONG_ROPE, ropeContext: 2 * LONG_ROPE }), long), 0);
    assert.equal(distance(await residual({ nCtx: 2 * LONG_ROPE, ropeContext: LONG_ROPE }), short), 0);
  });

  it("another model has one set", async () => {
    const other = await openNative(makeModel(join(folder, "llama.gguf"), { architecture: "llama" }));
    assert.equal(other.model.facts().ropeContext, null);
    await other.close();
  });
});
