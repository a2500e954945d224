/**
 * `fetch` through the proxy that the environment names, as curl and npm do: HTTPS_PROXY or else HTTP_PROXY, but not for hosts in
 * NO_PROXY, each in lower or upper case. Node's own fetch reads none of them.
 */
import { lookup } from "node:dns/promises";
import { EnvHttpProxyAgent, type RequestInit as ProxiedInit, fetch as proxiedFetch } from "undici";
import { TillerError } from "../../protocol/errors.ts";
import type { Resolve } from "./guarded-fetch.ts";

export interface Network {
  readonly fetch: typeof fetch;
  readonly resolve: Resolve;
}

const direct: Resolve = (host) => lookup(host, { all: true });

/** Behind a proxy names are often known to the proxy alone: what cannot be looked up here is left to it. */
const orByProxy: Resolve = async (host) => {
  try {
    return await direct(host);
  } catch {
    return [{ address: "the proxy's to find" }];
  }
};

/** @throws TillerError where a variable holds no address */
export function networkOf(env: NodeJS.ProcessEnv, plain: typeof fetch = globalThis.fetch): Network {
  const httpProxy = addressOf(env, "http_proxy");
  const httpsProxy = addressOf(env, "https_proxy") ?? httpProxy;
  if (httpsProxy === undefined) return { fetch: plain, resolve: direct };
  const noProxy = env["no_proxy"] ?? env["NO_PROXY"] ?? "";
  const dispatcher = new EnvHttpProxyAgent({ httpProxy: httpProxy ?? httpsProxy, httpsProxy, noProxy });
  // undici's types are newer than those of Node's own copy of it; the two are one standard
  const fetched = (input: string | URL, init: ProxiedInit) => proxiedFetch(input, { ...init, dispatcher });
  return { fetch: fetched as unknown as typeof fetch, resolve: orByProxy };
}

function addressOf(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const given = env[name] || env[name.toUpperCase()];
  if (given === undefined || given === "") return undefined;
  // curl takes a proxy without a scheme for an HTTP one
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new TillerError("invalid-params", `${name.toUpperCase()} in the daemon's environment names no HTTP proxy`, {
      suggestion: "Give it as http://host:port, or unset it.",
    });
  return url.href;
}
