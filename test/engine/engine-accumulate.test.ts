/** The lab's readings of a corpus and of weights, against values tapped token by token and the file's own numbers. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { count, pack, unpack, windowsOf } from "../../daemon/methods/shared/counts.ts";
import type { EngineAccumulate } from "../../daemon/protocol/engine-api.ts";
import type { TillerError } from "../../daemon/protocol/errors.ts";
import type { SiteName } from "../../daemon/protocol/sites.ts";
import { assertSameCounts, countPlainly } from "../support/counts.ts";
import { EngineUnderTest } from "../support/engine.ts";
import { makeModel } from "../support/models/make.ts";
import { loadWeights } from "../support/reference/weights.ts";

const SITES: SiteName[] = ["mlp.act", "mlp.gate", "resid"];
const TEXT = "The quick brown fox jumps over the lazy dog; 0123456789. ";

describe("engine: statistics of a corpus, and weights", function () {
  this.timeout(120_000);
  let folder: string;
  let path: string;
  let engine: EngineUnderTest;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "tiller-accumulate-"));
    path = makeModel(join(folder, "random.gguf"), { architecture: "llama" });
    engine = await EngineUnderTest.load(path);
  });
  after(async () => {
    await engine?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = (request: Partial<EngineAccumulate> & Pick<EngineAccumulate, "texts">) =>
    engine.request("accumulate", {
      id: "a:1",
      classOf: request.texts.map(() => 0),
      classes: 1,
      sites: SITES,
      layers: null,
      ...request,
    });

  it("are those of values tapped token by token, class by class, also beside an answer", async () => {
    const { tokens } = await engine.request("encode", { texts: Array.from({ length: 12 }, (_, i) => TEXT.repeat(1 + (i % 4)).slice(i)) });
    const classOf = tokens.map((_, i) => i % 3);
    const wanted = await countPlainly(engine, SITES, tokens, classOf, 3);
    const alone = await ask({ texts: tokens, classOf, classes: 3 });
    assert.equal(
      alone.tokens,
      tokens.reduce((sum, { length }) => sum + length, 0),
    );
    assertSameCounts(alone.places, wanted);
    const [beside, answer] = await Promise.all([
      ask({ texts: tokens, classOf, classes: 3 }),
      engine.generate({ prompt: TEXT, sampling: { temperature: 1, seed: 1, maxTokens: 40 } }),
    ]);
    assertSameCounts(beside.places, wanted);
    assert.ok(answer.tokens.length > 0);
  });

  it("go on from any window, through a checkpoint, to the same figures", async () => {
    const [stream] = (await engine.request("encode", { texts: [TEXT.repeat(40)] })).tokens;
    const windows = windowsOf([stream!], 64, false);
    assert.equal(windows.length, Math.floor(stream!.length / 64));
    const tail = windowsOf([stream!], 64, true);
    assert.equal(
      tail.reduce((sum, { length }) => sum + length, 0),
      stream!.length,
    );
    const corpus = { windows, classOf: (window: number) => window % 2, classes: 2, sites: SITES, layers: [1] };
    const lab = { accumulate: (request: Omit<EngineAccumulate, "id">) => engine.request("accumulate", { id: "a:2", ...request }) };
    const silent = () => undefined;
    const whole = await count(corpus, lab, null, silent, silent);
    const half = { ...corpus, windows: windows.slice(0, Math.floor(windows.length / 2)) };
    let kept = "";
    await count(half, lab, null, (counted) => (kept = JSON.stringify(pack(counted))), silent);
    const resumed = await count(corpus, lab, unpack(JSON.parse(kept)), silent, silent);
    assertSameCounts(resumed, whole);
  });

  it("end when they are cancelled, and refuse a second corpus and a class that does not exist", async () => {
    const texts = Array.from({ length: 3000 }, () => TEXT);
    const reading = ask({ id: "a:stop", texts });
    await engine.event("collectProgress", ({ id }) => id === "a:stop");
    await assert.rejects(ask({ texts: [TEXT] }), (error: TillerError) => error.code === "conflict");
    await engine.request("cancel", { id: "a:stop" });
    await assert.rejects(reading, (error: TillerError) => error.code === "cancelled");
    await assert.rejects(ask({ texts: [TEXT], classOf: [1] }), (error: TillerError) => error.code === "invalid-params");
    await assert.rejects(ask({ texts: [TEXT], classes: 5000 }), (error: TillerError) => /at most 4096/.test(error.message));
    const again = await ask({ texts: [TEXT] });
    assert.equal(again.places[0]!.tokens[0], again.tokens);
  });

  it("rows of tensors are the file's numbers; what does not exist is refused by name", async () => {
    const { down } = loadWeights(path).layers[1]!;
    const whole = await engine.request("weights", { tensor: "blk.1.ffn_down.weight", rows: null });
    assert.deepEqual([whole.type, whole.shape, whole.data], ["f32", [160, 64], null]);
    const { data } = await engine.request("weights", { tensor: "blk.1.ffn_down.weight", rows: { start: 3, count: 2 } });
    assert.deepEqual([...data!], [...down.subarray(3 * 160, 5 * 160)]);
    await assert.rejects(
      engine.request("weights", { tensor: "blk.1.ffn_dwn.weight", rows: null }),
      (error: TillerError) => error.code === "not-found" && /ffn_down/.test(error.detail.suggestion ?? ""),
    );
    await assert.rejects(
      engine.request("weights", { tensor: "blk.1.ffn_down.weight", rows: { start: 63, count: 2 } }),
      (error: TillerError) => error.code === "out-of-range" && /rows 0 to 63/.test(error.message),
    );
  });

  it("pieces of a text's tokens are the text", async () => {
    const [tokens] = (await engine.request("encode", { texts: [TEXT] })).tokens;
    const { pieces } = await engine.request("pieces", { tokens: [...tokens!] });
    assert.equal(pieces.join("").trim(), TEXT.trim());
  });
});
