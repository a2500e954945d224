import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TillerError } from "../../daemon/protocol/errors.ts";
import { EngineUnderTest, idsOf, options } from "../support/engine.ts";
import { makeModel } from "../support/models/index.ts";
import { splitModel } from "../support/models/split.ts";
import { STORIES, sharedPath, skip } from "../support/shared.ts";

describe("engine: what goes wrong", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tiller-engine-"));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const badFile = async (path: string, message: RegExp): Promise<void> => {
    const engine = new EngineUnderTest();
    await assert.rejects(
      engine.request("load", { path, options: options(), template: null, threads: {} }),
      (error: TillerError) => error.code === "bad-model-file" && message.test(error.message),
    );
    assert.deepEqual(await engine.stop(), { code: 0, signal: null });
  };

  it("names a missing file", () => badFile(join(folder, "none.gguf"), /not there/));

  it("names a file that is not a GGUF", async () => {
    const path = join(folder, "text.gguf");
    writeFileSync(path, "This is no model. ".repeat(100));
    await badFile(path, /GGUF/);
  });

  it("says which part of a model it was given, and loads the model from the first", async () => {
    const size = { layers: 1, width: 64, heads: 4, kvHeads: 2, mlpWidth: 96, vocabulary: 1024 };
    const whole = makeModel(join(folder, "whole.gguf"), { architecture: "llama", size });
    const parts = splitModel(whole, join(folder, "parts"), "model", 2);
    await badFile(parts[1]!, /part 2 of 2 of a model; give part 1/);
    const tokens = [1, 300, 301, 302];
    const answers = [];
    for (const path of [whole, parts[0]!]) {
      const engine = await EngineUnderTest.load(path);
      answers.push(await engine.generate({ tokens, sampling: { temperature: 0, maxTokens: 8 } }));
      await engine.stop();
    }
    assert.deepEqual(idsOf(answers[1]!), idsOf(answers[0]!));
  });

  it("asks for a model before anything else", async () => {
    const engine = new EngineUnderTest();
    await assert.rejects(engine.generate({ prompt: "a" }), (error: TillerError) => error.code === "conflict");
    assert.equal((await engine.stop()).code, 0);
  });

  describe("with a trained model", () => {
    let path: string;

    before(function () {
      const found = sharedPath(...STORIES);
      if (found === null) skip(this, "needs the shared test model stories260K-f32.gguf");
      path = found;
    });

    const endless = { prompt: "Once upon a time", sampling: { temperature: 1, seed: 1 }, logitBias: { "1": -100, "2": -100 } };

    it("estimates memory without loading", async () => {
      const engine = new EngineUnderTest();
      const estimate = await engine.request("estimate", { path, options: options({ kvType: "f16" }) });
      assert.ok(estimate.weightsBytes > 1_000_000 && estimate.weightsBytes < 1_200_000);
      // 5 layers × 4 heads × 8 × (K and V) × 2 bytes × 4 sequences × 512
      assert.equal(estimate.kvBytes, 5 * 4 * 8 * 2 * 2 * 4 * 512);
      assert.ok(estimate.fits && estimate.totalBytes < estimate.availableBytes);
      await engine.stop();
    });

    it("refuses a second model", async () => {
      const engine = await EngineUnderTest.load(path);
      await assert.rejects(
        engine.request("load", { path, options: options(), template: null, threads: {} }),
        (error: TillerError) => error.code === "conflict",
      );
      await engine.stop();
    });

    for (const way of ["drain", "SIGTERM", "disconnect"] as const) {
      it(`ends running and waiting answers with what they have on ${way}, and exits with 0`, async () => {
        const engine = await EngineUnderTest.load(path, { sequences: 2, contextSize: 2048 });
        const ids = ["a:1", "a:2", "a:3"];
        const answers = ids.map((id) => engine.generate({ id, ...endless }));
        await engine.event("tokens", (params) => params.id === "a:2");
        if (way === "drain") assert.deepEqual(await engine.request("drain", {}), { drained: true });
        else if (way === "SIGTERM") engine.child.kill("SIGTERM");
        else engine.child.disconnect();
        if (way !== "disconnect") {
          const results = await Promise.all(answers);
          assert.deepEqual(
            results.map((result) => result.reason),
            ["shutting-down", "shutting-down", "shutting-down"],
          );
          assert.ok(results[0]!.tokens.length > 0);
          assert.equal(results[2]!.tokens.length, 0);
        } else for (const answer of answers) answer.catch(() => undefined);
        assert.deepEqual(await engine.exited, { code: 0, signal: null });
      });
    }
  });
});
