/**
 * How a page gets in: a code that the command line prints opens one session, once, and within its time. So an address that stays in a
 * browser's history, a terminal or a service's log opens nothing any more. Sessions end with the daemon; neither is ever written down.
 */
import { createHash, randomBytes } from "node:crypto";
import { TillerError } from "../../protocol/errors.ts";

const CODE_SECONDS = 3600;
const MOST_CODES = 32;
/** a tab each; the oldest gives way */
const MOST_SESSIONS = 128;

export class PageSessions {
  /** hash of a code → when it ends, in milliseconds */
  readonly #codes = new Map<string, number>();
  /** hashes of the sessions' tokens, the oldest first */
  readonly #sessions = new Set<string>();

  /** A code of 128 bits; the oldest that nobody has used gives way. */
  issue(now = Date.now()): { readonly code: string; readonly seconds: number } {
    const code = secret();
    this.#codes.set(hashOf(code), now + CODE_SECONDS * 1000);
    dropOldest(this.#codes, MOST_CODES);
    return { code, seconds: CODE_SECONDS };
  }

  /** @returns the token of a session of the daemon's owner; @throws TillerError unauthorised */
  redeem(code: string, now = Date.now()): string {
    const hash = hashOf(code);
    const until = this.#codes.get(hash);
    this.#codes.delete(hash);
    if (until === undefined || until < now)
      throw new TillerError("unauthorised", "this address of the page was used already, or is too old", {
        field: "code",
        suggestion: "`tiller status --page` prints another one.",
      });
    const token = secret();
    this.#sessions.add(hashOf(token));
    dropOldest(this.#sessions, MOST_SESSIONS);
    return token;
  }

  /** SHA-256 of each session's token, in hex. */
  get hashes(): ReadonlySet<string> {
    return this.#sessions;
  }
}

const secret = (): string => randomBytes(16).toString("base64url");

const hashOf = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

function dropOldest(entries: Map<string, number> | Set<string>, most: number): void {
  if (entries.size <= most) return;
  const [oldest] = entries.keys();
  entries.delete(oldest!);
}
