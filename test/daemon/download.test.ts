import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { Checksums } from "../../daemon/engine/model/checksums.ts";
import { guardFetch, isPrivateAddress } from "../../daemon/engine/model/guarded-fetch.ts";
import { checkDownloadUri } from "../../daemon/protocol/download-uri.ts";
import { TillerError } from "../../daemon/protocol/errors.ts";
import { startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { connect } from "../support/rpc.ts";

const FORBIDDEN = [
  "http://huggingface.co/a/b/resolve/main/x.gguf",
  "https://evil.example/x.gguf",
  "https://huggingface.co.evil.example/x.gguf",
  "https://huggingface.co:8443/x.gguf",
  "https://user:secret@huggingface.co/x.gguf",
  "https://127.0.0.1/x.gguf",
  "file:///etc/passwd",
  "ftp://huggingface.co/x.gguf",
  "https://evil-hf.co/x.gguf",
];
const MALFORMED = ["", "hf:", "hf:../../x", "hf:user/../x", "hf:user", "hf:user/repo/../../x.gguf", "not a url"];

describe("downloads", () => {
  it("come from allowed hosts only", () => {
    for (const uri of [
      "hf:user/repo",
      "hf:user/repo:Q8_0",
      "hf:user/repo/folder/file.gguf",
      "https://huggingface.co/user/repo/resolve/main/x.gguf",
    ])
      checkDownloadUri(uri);
    for (const uri of FORBIDDEN)
      assert.throws(
        () => checkDownloadUri(uri),
        (error) => error instanceof TillerError && error.code === "forbidden",
        uri,
      );
    for (const uri of MALFORMED) assert.throws(() => checkDownloadUri(uri), TillerError, uri);
  });

  it("know private addresses in every spelling", () => {
    for (const address of [
      "127.0.0.1",
      "10.1.2.3",
      "172.20.0.1",
      "192.168.1.1",
      "169.254.169.254",
      "100.64.0.1",
      "0.0.0.0",
      "::1",
      "fe80::1",
      "fd00::1",
      "::ffff:10.0.0.1",
      "224.0.0.1",
    ])
      assert.equal(isPrivateAddress(address), true, address);
    for (const address of ["8.8.8.8", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8"])
      assert.equal(isPrivateAddress(address), false, address);
  });

  it("check every redirect and take credentials away when the host changes", async () => {
    const seen: { url: string; authorization: string | null }[] = [];
    const served: Record<string, Response> = {
      "https://huggingface.co/a": new Response(null, { status: 302, headers: { location: "https://cdn-lfs.hf.co/b" } }),
      "https://cdn-lfs.hf.co/b": new Response("bytes"),
      "https://huggingface.co/out": new Response(null, { status: 302, headers: { location: "https://evil.example/" } }),
      "https://huggingface.co/down": new Response(null, { status: 301, headers: { location: "http://huggingface.co/a" } }),
    };
    const plain = (async (url: URL, init: RequestInit) => {
      seen.push({ url: url.href, authorization: new Headers(init.headers).get("authorization") });
      assert.equal(init.redirect, "manual");
      return served[url.href] ?? new Response(null, { status: 302, headers: { location: url.href } });
    }) as typeof fetch;
    const guarded = guardFetch(plain, async () => [{ address: "8.8.8.8" }]);
    assert.equal(await (await guarded("https://huggingface.co/a", { headers: { authorization: "Bearer x" } })).text(), "bytes");
    assert.deepEqual(seen, [
      { url: "https://huggingface.co/a", authorization: "Bearer x" },
      { url: "https://cdn-lfs.hf.co/b", authorization: null },
    ]);
    for (const url of ["https://huggingface.co/out", "https://huggingface.co/down", "https://huggingface.co/loop", "https://evil.example/"])
      await assert.rejects(guarded(url), (error) => error instanceof TillerError && error.code === "forbidden", url);
    const rebound = guardFetch(plain, async () => [{ address: "8.8.8.8" }, { address: "127.0.0.1" }]);
    await assert.rejects(rebound("https://huggingface.co/a"), /private address/);
  });

  it("are compared with the checksum that the first host states, part by part, and a wrong file is deleted", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tiller-checksums-"));
    const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
    const linked = (text: string) => ({ location: "https://cdn-lfs.hf.co/x", "x-linked-etag": `"${sha256(text)}"` });
    const plain = (async (url: URL) => {
      if (url.hostname === "huggingface.co") return new Response(null, { status: 302, headers: linked(url.pathname.slice(-20)) });
      // another host may state what it likes
      return new Response("", { headers: { "x-linked-etag": `"${sha256("evil")}"` } });
    }) as typeof fetch;
    const checksums = new Checksums();
    const guarded = guardFetch(
      plain,
      async () => [{ address: "8.8.8.8" }],
      (url, headers) => checksums.note(url, headers),
    );
    const remote = ["m-00001-of-00002.gguf", "m-00002-of-00002.gguf", "single.gguf"];
    for (const name of remote) await guarded(`https://huggingface.co/u/r/resolve/main/${name}`);
    const content = (name: string): string => `/u/r/resolve/main/${name}`.slice(-20);
    const local = (name: string): string => join(folder, `hf_u_${name}`);
    for (const name of remote) writeFileSync(local(name), content(name));
    await checksums.verify(folder, "hf_u_m-00001-of-00002.gguf");
    await checksums.verify(folder, "hf_u_single.gguf");
    writeFileSync(join(folder, "unknown.gguf"), "x");
    await checksums.verify(folder, "unknown.gguf");
    writeFileSync(local(remote[1]!), "evil");
    const refused = (error: unknown): boolean => error instanceof TillerError && error.code === "bad-model-file";
    await assert.rejects(checksums.verify(folder, "hf_u_m-00001-of-00002.gguf"), refused);
    assert.deepEqual([existsSync(local(remote[0]!)), existsSync(local(remote[1]!))], [true, false]);
    rmSync(folder, { recursive: true });
  });

  describe("through the daemon", () => {
    let daemon: TestDaemon;
    before(async () => {
      daemon = await startTestDaemon();
    });
    after(() => daemon.dispose());

    it("are refused before anything is fetched", async () => {
      const client = await connect(daemon.url, { token: daemon.token });
      for (const uri of FORBIDDEN) {
        const error = await client.refused("model.download", { uri });
        assert.equal(error.code, "forbidden", uri);
        assert.equal(error.body.data?.field, "uri");
      }
      for (const uri of MALFORMED) assert.ok(await client.refused("model.download", { uri }));
      await client.close();
    });

    it("go through the proxy that the environment names, and only to the host that was asked for", async () => {
      const asked: string[] = [];
      const proxy = createServer((_, response) => response.writeHead(405).end());
      const connected = new Promise<void>((resolve) => {
        proxy.on("connect", ({ url }, socket) => {
          asked.push(url ?? "");
          socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
          resolve();
        });
      });
      await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
      const { port } = proxy.address() as AddressInfo;
      const behind = await startTestDaemon({ env: { HTTPS_PROXY: `127.0.0.1:${port}`, https_proxy: "", NO_PROXY: "", no_proxy: "" } });
      try {
        const client = await connect(behind.url, { token: behind.token });
        const uri = "https://huggingface.co/user/repo/resolve/main/x.gguf";
        const download = client.refused("model.download", { uri });
        await connected;
        await client.close();
        await download.catch(() => undefined);
        assert.deepEqual([...new Set(asked)], ["huggingface.co:443"]);
      } finally {
        await behind.dispose();
        proxy.closeAllConnections();
        proxy.close();
      }
    });

    it("say that a proxy's address is none", async () => {
      const behind = await startTestDaemon({ env: { HTTPS_PROXY: "socks5://127.0.0.1:1", https_proxy: "" } });
      try {
        const client = await connect(behind.url, { token: behind.token });
        const error = await client.refused("model.download", { uri: "https://huggingface.co/user/repo/resolve/main/x.gguf" });
        assert.match(error.message, /HTTPS_PROXY/);
        await client.close();
      } finally {
        await behind.dispose();
      }
    });
  });
});
