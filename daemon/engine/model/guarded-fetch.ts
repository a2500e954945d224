/** `fetch` that follows redirects by itself, checking each address, and takes credentials away when the host changes. */
import { BlockList, isIPv6 } from "node:net";
import { checkDownloadUrl } from "../../protocol/download-uri.ts";
import { TillerError } from "../../protocol/errors.ts";

const MAX_REDIRECTS = 5;
const CREDENTIALS = ["authorization", "cookie", "proxy-authorization"];

const PRIVATE = new BlockList();
for (const [address, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const)
  PRIVATE.addSubnet(address, bits, "ipv4");
for (const [address, bits] of [
  ["::", 128],
  ["::1", 128],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
  ["64:ff9b::", 96],
] as const)
  PRIVATE.addSubnet(address, bits, "ipv6");

/** Also for an IPv4 address written as IPv6 (::ffff:10.0.0.1). */
export function isPrivateAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return mapped === undefined ? PRIVATE.check(address, isIPv6(address) ? "ipv6" : "ipv4") : PRIVATE.check(mapped, "ipv4");
}

export type Resolve = (host: string) => Promise<readonly { address: string }[]>;

/** @param note is shown the headers of every answer, also of those that redirect */
export function guardFetch(
  plain: typeof fetch,
  resolve: Resolve,
  note: (url: URL, headers: Headers) => void = () => undefined,
): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const headers = new Headers(request.headers);
    // The downloader goes on from the address that a redirect led to, so data hosts are as good as the first one here.
    let url = checkDownloadUrl(request.url, false);
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      await requirePublic(url.hostname, resolve);
      const response = await plain(url, { method: request.method, headers, signal: request.signal, redirect: "manual" });
      note(url, response.headers);
      const location = response.headers.get("location");
      if (response.status < 300 || response.status > 399 || location === null) return response;
      await response.body?.cancel();
      const next = checkDownloadUrl(new URL(location, url).href, false);
      if (next.host !== url.host) for (const name of CREDENTIALS) headers.delete(name);
      url = next;
    }
    throw new TillerError("forbidden", "uri: too many redirects");
  };
}

async function requirePublic(host: string, resolve: Resolve): Promise<void> {
  const addresses = await resolve(host);
  if (addresses.length === 0 || addresses.some(({ address }) => isPrivateAddress(address))) {
    throw new TillerError("forbidden", `uri: ${host} leads to a private address`);
  }
}
