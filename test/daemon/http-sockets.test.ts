import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { openRaw, requestText } from "../support/raw.ts";
import { connect, type RpcClient } from "../support/rpc.ts";
import { LONG, makeSteeredHome, QUICK } from "../support/steered-home.ts";

describe("daemon: sockets and bodies of HTTP clients", () => {
  let daemon: TestDaemon;
  let owner: RpcClient;
  let model: string;
  before(async () => {
    const steered = await makeSteeredHome(LONG);
    model = steered.model.id;
    daemon = await startTestDaemon({ home: steered.home });
    owner = await connect(daemon.url, { token: daemon.token });
    await owner.call("model.load", { model, options: { ...QUICK, contextSize: 8192 } });
  });
  after(async () => {
    await owner.close();
    await daemon.dispose();
  });
  const completion = (maxTokens: number): string => {
    const body = JSON.stringify({ model, prompt: "x", max_tokens: maxTokens, logit_bias: { "2": -100 } });
    const headers = { authorization: `Bearer ${daemon.token}`, "content-type": "application/json", "content-length": `${body.length}` };
    return requestText(daemon.port, "POST /v1/completions", headers) + body;
  };
  const running = async (): Promise<number> => (await owner.call("daemon.status")).running;

  it("one that closes its own side after the request gets its answer", async () => {
    const raw = await openRaw(daemon.port);
    raw.socket.end(completion(40));
    await raw.ended;
    assert.match(raw.received(), /HTTP\/1\.1 200 OK\r\n/);
    assert.match(raw.received(), /"completion_tokens":40/);
    raw.socket.destroy();
  });

  it("one that goes away is noticed at once, and its answer ends", async () => {
    const raw = await openRaw(daemon.port, completion(8000));
    while ((await running()) === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    raw.socket.destroy();
    while ((await running()) > 0) await new Promise((resolve) => setTimeout(resolve, 2));
    const metrics = await (await daemon.fetch("/metrics")).text();
    assert.match(metrics, /tiller_answers_total\{[^}]*reason="cancelled"\} 1/);
  });

  it("connections are kept longer than clients keep theirs", async () => {
    const raw = await openRaw(daemon.port, requestText(daemon.port, "GET /v1/models", { authorization: `Bearer ${daemon.token}` }));
    while (!raw.received().includes("\r\n\r\n")) await new Promise((resolve) => setTimeout(resolve, 2));
    assert.ok(Number(/keep-alive: timeout=(\d+)/i.exec(raw.received())?.[1]) >= 75);
    raw.socket.destroy();
  });

  it("text that is not UTF-8 is refused and not altered", async () => {
    const post = (body: string | Buffer<ArrayBuffer>, type = "application/json"): Promise<Response> =>
      daemon.fetch("/v1/completions", { method: "POST", headers: { "content-type": type }, body });
    const text = JSON.stringify({ model, prompt: "caf\u00e9", max_tokens: 1 });
    assert.equal((await post(text)).status, 200);
    assert.equal((await post(text, "application/json; charset=UTF-8")).status, 200);
    const latin = await post(Buffer.from(text, "latin1"));
    assert.equal(latin.status, 400);
    assert.match(await latin.text(), /not valid UTF-8/);
    const declared = await post(Buffer.from(text, "utf16le"), "application/json; charset=utf-16");
    assert.equal(declared.status, 400);
    assert.match(await declared.text(), /UTF-8 only/);
  });
});
