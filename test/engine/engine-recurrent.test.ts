/** A recurrent model: its memory is one state for all that was read, which cannot go back to an earlier position. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineUnderTest, idsOf, relativeError } from "../support/engine.ts";
import { makeModel } from "../support/models/index.ts";

const greedy = { temperature: 0, maxTokens: 8 };

describe("engine: a recurrent model", () => {
  const folder = mkdtempSync(join(tmpdir(), "tiller-recurrent-"));
  let engine: EngineUnderTest;
  before(async () => {
    engine = await EngineUnderTest.load(makeModel(join(folder, "mamba.gguf"), { architecture: "mamba" }), { sequences: 2 });
  });
  after(async () => {
    await engine?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("offers the places that its graph passes and refuses the others by name", () => {
    const live = new Set(engine.model!.sites.filter((site) => site.live).map((site) => site.site));
    assert.deepEqual([...live], ["embd", "resid", "final"]);
    for (const site of engine.model!.sites) assert.equal(site.live, site.reason === null, site.site);
  });

  it("goes on from where a conversation stands, and begins anew where the prompt turns off", async () => {
    const first = await engine.generate({ id: "a:1", prompt: "one two three four", sampling: greedy });
    const told = "one two three four".concat(first.text);
    // shares a beginning with what the state has read, but not all of it
    const other = await engine.generate({ id: "a:2", prompt: "one two five", sampling: greedy });
    assert.equal(other.stats.reusedTokens, 0);
    const again = await engine.generate({ id: "a:3", prompt: "one two three four", sampling: greedy });
    assert.deepEqual(idsOf(again), idsOf(first));

    const tokens = [
      ...(await engine.request("tap", { client: "test", prompt: told, tokens: null, sites: [], layers: null, logits: false, plan: null }))
        .tokens,
    ];
    const start = await engine.generate({ id: "a:4", prompt: null, tokens, sampling: greedy });
    const onward = [...tokens, ...idsOf(start), 7];
    const resumed = await engine.generate({ id: "a:5", prompt: null, tokens: onward, sampling: greedy });
    const fresh = await EngineUnderTest.load(join(folder, "mamba.gguf"), { sequences: 2 });
    try {
      const wanted = await fresh.generate({ id: "a:6", prompt: null, tokens: onward, sampling: greedy });
      assert.deepEqual(idsOf(resumed), idsOf(wanted));
    } finally {
      await fresh.stop();
    }
    assert.ok(resumed.stats.reusedTokens > tokens.length, `reused ${resumed.stats.reusedTokens} of ${onward.length}`);
  });

  it("reads what texts begin with alike once, each going on from a state of its own", async () => {
    const head = [40, 41, 42, 43, 44, 45, 46];
    const texts = [
      [...head, 50, 51],
      [...head, 60, 61, 62],
      [...head, 50, 52],
      [30, 31, 32],
    ];
    const read = await engine.request("collect", { id: "state", texts, render: "raw", site: "resid", layers: [0, 2], readAt: "last" });
    assert.ok(read.computed < read.tokens - 10, `${read.computed} of ${read.tokens}`);
    for (const [index, tokens] of texts.entries()) {
      const tap = await engine.request("tap", {
        client: "test",
        prompt: null,
        tokens,
        sites: ["resid"],
        layers: [0, 2],
        logits: false,
        plan: null,
      });
      tap.sites.forEach(({ data, width }, slot) => {
        const start = (index * 2 + slot) * width;
        assert.ok(relativeError(read.data.subarray(start, start + width), data.subarray((tokens.length - 1) * width)) < 1e-4);
      });
    }
  });
});
