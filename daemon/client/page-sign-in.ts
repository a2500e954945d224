/** What a page settles with the daemon before it shows its token: a session for the code that opened it, and a proof of who answers. */
import { PROOF_PATH, SESSION_PATH } from "../protocol/version.ts";
import { ClientError } from "./error.ts";

/** Longest that an answer is waited for; then the next attempt asks again. */
const WAIT_MS = 5000;
const UNKNOWN = "the daemon does not know this token";

function post(http: string, path: string, body: object): Promise<Response> {
  return fetch(`${http}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(WAIT_MS),
  });
}

/** @returns the session's token; @throws ClientError where the code opens nothing, or nobody answers */
export async function sessionFor(http: string, code: string): Promise<string> {
  let response: Response;
  try {
    response = await post(http, SESSION_PATH, { code });
  } catch {
    throw new ClientError("unreachable", "the daemon cannot be reached");
  }
  const answer = (await response.json().catch(() => ({}))) as { token?: unknown; error?: { message?: unknown } };
  if (response.ok && typeof answer.token === "string") return answer.token;
  throw new ClientError("unauthorised", String(answer.error?.message ?? "this address of the page opens nothing"));
}

/** Whoever answers may be another program that took the port while the daemon was down: it learns neither token nor text. */
export type Proof =
  | { readonly proved: true }
  | { readonly proved: false /** final: another attempt would end the same way */; readonly refusal: ClientError | null };

/** @param http the daemon's address. Without a secure context there is no cryptography, and whoever listens on the way reads all anyway. */
export async function proveDaemon(http: string, token: string): Promise<Proof> {
  if (globalThis.crypto?.subtle === undefined) return tried(http, token);
  const hash = await sha256(token);
  const nonce = hex(crypto.getRandomValues(new Uint8Array(16)));
  let response: Response;
  try {
    response = await post(http, PROOF_PATH, { id: (await sha256(hash)).slice(0, 16), nonce });
  } catch {
    return { proved: false, refusal: null };
  }
  if (response.status === 429 || response.status >= 500) return { proved: false, refusal: null };
  const answer = (await response.json().catch(() => ({}))) as { proof?: unknown; error?: { message?: unknown; param?: unknown } };
  if (response.status === 401) return refused("unauthorised", UNKNOWN);
  if (response.status === 403) return refused("forbidden", String(answer.error?.message ?? "the daemon refuses this page"));
  if (response.ok && answer.proof === (await hmac(hash, nonce))) return { proved: true };
  return refused("forbidden", "another program answers at this address; it was shown nothing");
}

/** What a browser does not say of an upgrade that is refused, HTTP does. */
async function tried(http: string, token: string): Promise<Proof> {
  try {
    const headers = { authorization: `Bearer ${token}` };
    const { status } = await fetch(`${http}/v1/models`, { headers, signal: AbortSignal.timeout(WAIT_MS) });
    return status === 401 ? refused("unauthorised", UNKNOWN) : { proved: true };
  } catch {
    return { proved: false, refusal: null };
  }
}

function refused(code: "unauthorised" | "forbidden", message: string): Proof {
  return { proved: false, refusal: new ClientError(code, message) };
}

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

const hex = (values: Uint8Array): string => Array.from(values, (value) => value.toString(16).padStart(2, "0")).join("");

async function sha256(text: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes(text))));
}

async function hmac(key: string, text: string): Promise<string> {
  const imported = await crypto.subtle.importKey("raw", bytes(key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return hex(new Uint8Array(await crypto.subtle.sign("HMAC", imported, bytes(text))));
}
