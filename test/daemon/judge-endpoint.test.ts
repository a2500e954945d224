/**
 * A user's own judge against our own daemon. A model with random weights keeps to no scale, so the judge must give up, and
 * must quote the very answer that the official client gets to the same question.
 */
import assert from "node:assert/strict";
import OpenAI from "openai";
import { endpointJudge, question } from "../../daemon/evaluate/judges/endpoint.ts";
import { parseEndpointConfig } from "../../daemon/evaluate/judges/endpoint-config.ts";
import { TillerError } from "../../daemon/protocol/errors.ts";
import { startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { connect } from "../support/rpc.ts";
import { makeSteeredHome, QUICK } from "../support/steered-home.ts";

describe("daemon: as a judge behind /v1/chat/completions", () => {
  let daemon: TestDaemon;
  let settings: Record<string, unknown>;
  const text = "a text";

  before(async () => {
    const made = await makeSteeredHome();
    daemon = await startTestDaemon({ home: made.home });
    const rpc = await connect(daemon.url, { token: daemon.token });
    await rpc.call("model.load", { model: made.model.id, options: QUICK });
    await rpc.close();
    settings = {
      id: "brief",
      url: `${daemon.url}/v1`,
      model: made.model.id,
      rubric: "How brief?",
      scale: { min: 1, max: 5 },
      apiKeyEnv: "TILLER_TOKEN",
      retries: 0,
    };
  });
  after(() => daemon.dispose());

  const failure = async (changes: object, token: string): Promise<TillerError> => {
    const judge = endpointJudge({ ...settings, ...changes }, { TILLER_TOKEN: token });
    const error = await judge.score([{ text }]).then(
      () => assert.fail("random weights kept to the scale"),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof TillerError, String(error));
    return error;
  };

  it("gets the answer that the official client gets, and refuses it by name", async () => {
    const config = parseEndpointConfig(settings);
    const { system, user } = question(config, text);
    const client = new OpenAI({ baseURL: config.url, apiKey: daemon.token, maxRetries: 0 });
    const answer = await client.chat.completions.create({
      model: config.model,
      messages: [
        { role: "system", content: system },
        { role: "user", content: user },
      ],
      temperature: 0,
      max_tokens: config.maxTokens,
    });
    const said = (answer.choices[0]?.message.content ?? "").replace(/\s+/g, " ").slice(0, 80);
    const error = await failure({}, daemon.token);
    assert.equal(error.code, "not-supported");
    assert.ok(error.message.includes(`answered '${said}' where a whole number from 1 to 5`), error.message);
  });

  it("names the key when the daemon refuses it, and the model when there is none", async () => {
    assert.equal((await failure({}, "wrong")).code, "unauthorised");
    assert.equal((await failure({ model: "none" }, daemon.token)).code, "not-found");
  });
});
