/** What clients meet before any answer: pages of other origins, wrong paths, HEAD. */
import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, describe, it } from "mocha";
import { ConfigSchema } from "../../daemon/store/config.ts";
import { startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { openSocket } from "../support/rpc.ts";

const ORIGINS = ["http://localhost:5173", "vscode-webview://1a2b3c", "app://obsidian.md", "tauri://localhost"];

describe("daemon: pages of other origins, wrong paths, HEAD", () => {
  let daemon: TestDaemon;
  before(async () => {
    daemon = await startTestDaemon({ config: { origins: ORIGINS } });
  });
  after(() => daemon.dispose());

  interface Got {
    readonly status: number;
    readonly headers: NodeJS.Dict<string | string[]>;
    readonly body: string;
  }

  /** node:http, because fetch lets neither Origin nor Host be chosen */
  function ask(method: string, path: string, headers: Record<string, string> = {}): Promise<Got> {
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
  const token = (): Record<string, string> => ({ authorization: `Bearer ${daemon.token}` });
  const preflight = {
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,content-type,x-stainless-os",
  };

  it("named origins may ask, read the answer and its refusals, and connect", async () => {
    for (const origin of ORIGINS) {
      const asked = await ask("OPTIONS", "/v1/chat/completions", { origin, ...preflight, "sec-fetch-site": "cross-site" });
      assert.equal(asked.status, 204, origin);
      assert.equal(asked.headers["access-control-allow-origin"], origin);
      assert.match(String(asked.headers["access-control-allow-methods"]), /POST/);
      assert.match(String(asked.headers["access-control-allow-headers"]), /Authorization.*\*/);
      assert.equal(asked.headers["access-control-allow-credentials"], undefined);
      for (const [headers, status] of [
        [token(), 200],
        [{}, 401],
      ] as const) {
        const got = await ask("GET", "/v1/models", { origin, ...headers, "sec-fetch-site": "cross-site" });
        assert.deepEqual([got.status, got.headers["access-control-allow-origin"], got.headers["vary"]], [status, origin, "Origin"]);
      }
      (await openSocket(daemon.url, { token: daemon.token, headers: { origin } })).terminate();
    }
    const local = await ask("OPTIONS", "/v1/models", {
      origin: ORIGINS[0]!,
      ...preflight,
      "access-control-request-private-network": "true",
    });
    assert.equal(local.headers["access-control-allow-private-network"], "true");
  });

  it("no other origin is let in or reflected, however near", async () => {
    const near = [
      "http://localhost:51730",
      "https://localhost:5173",
      "http://localhost",
      "app://obsidian.md.evil",
      "app://",
      "tauri://localhost:1",
      "null",
      "vscode-webview://1a2b3d",
    ];
    for (const origin of near) {
      for (const got of [
        await ask("OPTIONS", "/v1/models", { origin, ...preflight }),
        await ask("GET", "/v1/models", { ...token(), origin }),
      ]) {
        assert.equal(got.status, 403, origin);
        assert.equal(got.headers["access-control-allow-origin"], undefined);
        assert.ok(!JSON.stringify(got.headers).includes(origin));
      }
    }
  });

  it("the settings take origins of webviews and apps, and no wildcard or path", () => {
    assert.deepEqual(ConfigSchema.parse({ origins: ORIGINS }).origins, ORIGINS);
    for (const origin of ["*", "http://*", "http://a/b", "a.example", "file://", "http://user@host", "http://a?b"])
      assert.throws(() => ConfigSchema.parse({ origins: [origin] }), /origins/, origin);
  });

  it("a wrong path is named, with where the base URL ends and what was probably meant", async () => {
    const cases: [path: string, meant: string | null][] = [
      ["/v1/v1/chat/completions", "/v1/chat/completions"],
      ["/v1/v1/models", "/v1/models"],
      ["/chat/completions", "/v1/chat/completions"],
      ["/models", "/v1/models"],
      ["/openai/v1/completions", "/v1/completions"],
      ["/v1/chat/completion", "/v1/chat/completions"],
      ["/v2/something/else", null],
    ];
    for (const [path, meant] of cases) {
      const got = await ask("GET", path, token());
      assert.equal(got.status, 404, path);
      const { message } = JSON.parse(got.body).error;
      assert.ok(message.includes(`there is no ${path} here`), message);
      assert.ok(message.includes(`${daemon.url}/v1`), message);
      assert.equal(/Did you mean (\S+)\?/.exec(message)?.[1] ?? null, meant, path);
    }
    assert.ok((await ask("GET", `/${"x".repeat(5000)}`, token())).body.length < 1000);
  });

  it("answers HEAD where it answers GET, with the same headers and no body", async () => {
    for (const path of ["/v1/models", "/metrics", "/health", "/v1/models/none"]) {
      const [get, head] = [await ask("GET", path, token()), await ask("HEAD", path, token())];
      assert.deepEqual([head.status, head.headers["content-type"], head.body], [get.status, get.headers["content-type"], ""], path);
    }
    const post = await ask("HEAD", "/v1/chat/completions", token());
    assert.deepEqual([post.status, post.headers["allow"]], [405, "POST"]);
    assert.equal((await ask("POST", "/v1/models", token())).headers["allow"], "GET, HEAD");
  });
});
