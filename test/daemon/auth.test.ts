import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, describe, it } from "mocha";
import { startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { connect, openSocket, type RpcError } from "../support/rpc.ts";

describe("daemon: who may connect", () => {
  let daemon: TestDaemon;
  before(async () => {
    daemon = await startTestDaemon();
  });
  after(() => daemon.dispose());

  /** node:http, because fetch does not let a Host header be chosen */
  function status(
    path: string,
    headers: Record<string, string>,
    method = "GET",
  ): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }> {
    return new Promise((resolve, reject) => {
      const outgoing = request(`${daemon.url}${path}`, { method, headers }, (response) => {
        let body = "";
        response.on("data", (chunk: Buffer) => {
          body += chunk.toString();
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      });
      outgoing.on("error", reject);
      outgoing.end();
    });
  }
  const bearer = (token = daemon.token): Record<string, string> => ({ authorization: `Bearer ${token}` });
  const upgradeStatus = async (options: Partial<Parameters<typeof openSocket>[1]>): Promise<number> => {
    try {
      (await openSocket(daemon.url, { token: daemon.token, ...options })).terminate();
      return 101;
    } catch (error) {
      return (error as { status: number }).status;
    }
  };

  it("answers bare liveness without a token, and nothing else", async () => {
    const health = await status("/health", {});
    assert.equal(health.status, 200);
    const { started, ...rest } = JSON.parse(health.body);
    assert.deepEqual(rest, { status: "ok", name: "tiller" });
    assert.ok(Math.abs(Date.now() - Date.parse(started)) < 3_600_000);
    for (const path of ["/v1/models", "/metrics", "/v1/models/x", "/v1/chat/completions", "/nothing"])
      assert.equal((await status(path, {})).status, 401, path);
  });

  it("accepts its token and no other", async () => {
    assert.equal((await status("/v1/models", bearer())).status, 200);
    const wrong = `${daemon.token.slice(0, 21)}${daemon.token.endsWith("A") ? "B" : "A"}`;
    for (const token of [wrong, "", "x", `${daemon.token}A`, daemon.token.slice(1)])
      assert.equal((await status("/v1/models", bearer(token))).status, 401, token);
    assert.equal((await status("/v1/models", { authorization: daemon.token })).status, 401);
    assert.equal((await status("/v1/models", { authorization: `Basic ${daemon.token}` })).status, 401);
  });

  it("refuses a foreign Host, as DNS rebinding sends it", async () => {
    for (const host of ["evil.example", `evil.example:${daemon.port}`, "127.0.0.1:1", `127.0.0.1.evil.example:${daemon.port}`]) {
      assert.equal((await status("/v1/models", { ...bearer(), host })).status, 403, host);
      assert.equal((await status("/", { host })).status, 403, host);
      assert.equal(await upgradeStatus({ headers: { host } }), 403, host);
    }
    assert.equal((await status("/v1/models", { ...bearer(), host: `localhost:${daemon.port}` })).status, 200);
  });

  it("refuses a foreign Origin and reflects none", async () => {
    const foreign = [
      "https://evil.example",
      "null",
      `http://127.0.0.1:${daemon.port}.evil.example`,
      "http://127.0.0.1",
      `https://127.0.0.1:${daemon.port}`,
      "vscode-webview://x",
    ];
    for (const origin of foreign) {
      const answer = await status("/v1/models", { ...bearer(), origin });
      assert.equal(answer.status, 403, origin);
      assert.ok(!JSON.stringify(answer.headers).includes(origin));
      assert.equal(await upgradeStatus({ headers: { origin } }), 403, origin);
    }
    const own = await status("/v1/models", { ...bearer(), origin: daemon.url });
    assert.equal(own.status, 200);
    assert.equal(own.headers["access-control-allow-origin"], undefined);
    assert.equal(await upgradeStatus({ headers: { origin: daemon.url } }), 101);
    assert.equal((await status("/v1/models", { ...bearer(), "sec-fetch-site": "cross-site" })).status, 403);
  });

  it("refuses a token in the URL, even the right one", async () => {
    for (const path of [
      `/v1/models?token=${daemon.token}`,
      `/v1/models?access_token=${daemon.token}`,
      `/metrics?api_key=${daemon.token}`,
    ]) {
      assert.equal((await status(path, bearer())).status, 401, path);
      assert.equal((await status(path, {})).status, 401, path);
    }
    assert.equal(await upgradeStatus({ path: `/ws?token=${daemon.token}` }), 401);
  });

  it("wants the token as a WebSocket sub-protocol and does not repeat it", async () => {
    assert.equal(await upgradeStatus({ protocols: ["tiller.v1"] }), 401);
    assert.equal(await upgradeStatus({ protocols: ["tiller.v1", "tiller.token.AAAAAAAAAAAAAAAAAAAAAA"] }), 401);
    assert.equal(await upgradeStatus({ protocols: [`tiller.token.${daemon.token}`] }), 400);
    assert.equal(await upgradeStatus({ protocols: ["tiller.v1"], headers: bearer() }), 401);
    assert.equal(await upgradeStatus({ path: "/" }), 404);
    const socket = await openSocket(daemon.url, { token: daemon.token });
    assert.equal(socket.protocol, "tiller.v1");
    socket.terminate();
  });

  it("changes nothing on GET and answers no CORS preflight", async () => {
    assert.equal((await status("/v1/chat/completions", bearer())).status, 405);
    for (const path of ["/v1/models", "/v1/chat/completions", "/"]) {
      const preflight = await status(path, { ...bearer(), origin: daemon.url, "access-control-request-method": "POST" }, "OPTIONS");
      assert.ok(preflight.status >= 400, `${path} ${preflight.status}`);
      assert.ok(Object.keys(preflight.headers).every((name) => !name.startsWith("access-control")));
    }
  });

  it("serves the page's three files and no other path", async () => {
    const page = await status("/", {});
    assert.ok(page.status === 200 || page.status === 503);
    assert.match(String(page.headers["content-security-policy"]), /default-src 'none'.*frame-ancestors 'none'/);
    for (const path of [
      "/index.html",
      "/../package.json",
      "/%2e%2e/package.json",
      "/main.js/../../package.json",
      "/style.css%00",
      "//etc/passwd",
      "/assets/",
    ]) {
      const answer = await status(path, {});
      assert.ok(answer.status === 401 || answer.status === 404 || answer.status === 400, `${path} ${answer.status}`);
      assert.ok(!answer.body.includes("dependencies"));
    }
  });

  it("gives other apps tokens with scopes, keeps only hashes, and ends a revoked one's connections", async () => {
    const admin = await connect(daemon.url, { token: daemon.token });
    const { entry, token } = await admin.call("daemon.token.create", { name: "reader", scopes: ["generate"] });
    const app = await connect(daemon.url, { token });
    assert.deepEqual(
      (await admin.call("daemon.token.list")).tokens.map((listed: { id: string }) => listed.id),
      [entry.id],
    );
    const { readFileSync, statSync } = await import("node:fs");
    const stored = readFileSync(daemon.home.paths.tokens, "utf8");
    assert.ok(!stored.includes(token));
    if (process.platform !== "win32") {
      assert.equal(statSync(daemon.home.paths.tokens).mode & 0o777, 0o600);
      assert.equal(statSync(daemon.home.paths.lock).mode & 0o777, 0o600);
    }
    const needs: [string, object, string][] = [
      ["tap.run", { stream: "s", prompt: "x" }, "capture"],
      ["model.load", { model: "x" }, "load"],
      ["daemon.token.list", {}, "admin"],
      ["daemon.stop", {}, "admin"],
    ];
    for (const [method, params, scope] of needs) {
      const error: RpcError = await app.refused(method, params);
      assert.equal(error.code, "forbidden", method);
      assert.match(error.message, new RegExp(`'${scope}'`));
    }
    assert.ok((await app.call("model.list")).models);
    assert.deepEqual(await admin.call("daemon.token.revoke", { id: entry.id }), { revoked: true });
    assert.equal((await app.closed).code, 4003);
    assert.equal(await upgradeStatus({ token }), 401);
    assert.deepEqual(await admin.call("daemon.token.revoke", { id: entry.id }), { revoked: false });
    await admin.close();
  });
});
