import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { addModel, makeHome, startTestDaemon } from "../support/daemon.ts";
import { connect } from "../support/rpc.ts";
import { STORIES, sharedPath, skip } from "../support/shared.ts";
import { QUICK } from "../support/steered-home.ts";

describe("daemon: a trained model", () => {
  it("tells the same story for the same seed, over both interfaces", async function () {
    const file = sharedPath(...STORIES);
    if (file === null) skip(this, "needs models/stories260K-f32.gguf of the shared test data");
    const home = makeHome();
    const { id: model } = await addModel(home, file);
    const daemon = await startTestDaemon({ home });
    try {
      const client = await connect(daemon.url, { token: daemon.token });
      await client.call("model.load", { model, options: QUICK });
      const prompt = "Once upon a time, there was a little girl";
      const ask = (stream: string, seed: number) =>
        client.answer("generate.complete", { model, stream, prompt, sampling: { maxTokens: 60, seed, temperature: 0.8 } });
      const first = await ask("a", 1);
      assert.match(first.text, /[a-z]+ [a-z]+ [a-z]+/);
      assert.equal((await ask("b", 1)).text, first.text);
      assert.notEqual((await ask("c", 2)).text, first.text);
      const http = await (await daemon.post("/v1/completions", { model, prompt, max_tokens: 60, seed: 1, temperature: 0.8 })).json();
      assert.equal((http as { choices: { text: string }[] }).choices[0]?.text, first.text);
      await client.close();
    } finally {
      await daemon.dispose();
    }
  });
});
