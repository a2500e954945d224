/**
 * Who may talk to the daemon. Three checks, all exact: the Host header is one of ours (against DNS rebinding), an Origin header
 * is one of ours (against web pages), and a token is known, compared in constant time. None is ever reflected or logged.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { networkInterfaces } from "node:os";
import { TOKEN_SCOPES, type TokenScope } from "../../protocol/api/table.ts";
import { TillerError } from "../../protocol/errors.ts";
import { SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX } from "../../protocol/version.ts";
import type { TokenStore } from "../../store/tokens.ts";
import type { PageSessions } from "./page-sessions.ts";

export interface Identity {
  /** id of the other app's token; null: the token of the lock file */
  readonly tokenId: string | null;
  readonly scopes: ReadonlySet<TokenScope>;
}

export interface AuthOptions {
  /** the token of the lock file */
  readonly token: string;
  readonly tokens: TokenStore;
  readonly pages: PageSessions;
  /** address that is listened on, and the port */
  readonly host: string;
  readonly port: number;
  readonly origins: readonly string[];
  /** further `name:port` that the daemon is reached by (a tunnel's end) */
  readonly hosts: readonly string[];
}

const LOOPBACK_NAMES = ["127.0.0.1", "localhost", "[::1]"];
const TOKEN_PATTERN = /^[A-Za-z0-9_-]{22}$/;

export class Auth {
  readonly #options: AuthOptions;
  readonly #ownHash: Buffer;
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;
  /** of pages that are not ours, as the user named them */
  readonly #named: ReadonlySet<string>;

  constructor(options: AuthOptions) {
    this.#options = options;
    this.#ownHash = digest(options.token);
    const names = [...new Set([...LOOPBACK_NAMES, ...boundNames(options.host)])].map((name) => name.toLowerCase());
    // browsers leave out the port that http has by itself
    const own = names.flatMap((name) => [`${name}:${options.port}`, ...(options.port === 80 ? [name] : [])]);
    this.#hosts = new Set([...own, ...options.hosts.map((host) => host.toLowerCase())]);
    this.#origins = new Set(own.map((name) => `http://${name}`));
    // browsers write the names of http in small letters, and those of other schemes as they are
    this.#named = new Set(options.origins.flatMap((origin) => [origin, origin.toLowerCase()]));
  }

  /** The request's Origin when it is one that the user named; null for the daemon's own page and for everyone else. */
  namedOrigin({ headers: { origin } }: IncomingMessage): string | null {
    return origin !== undefined && this.#named.has(origin) ? origin : null;
  }

  /** Host and Origin of any request, and no token in its URL. The page itself may be reached by a link from elsewhere. */
  checkRoute(request: IncomingMessage, isPage = false): void {
    const { host, origin } = request.headers;
    if (host === undefined || !this.#hosts.has(host.toLowerCase())) {
      throw new TillerError("forbidden", "the Host header names another server", {
        field: "host",
        suggestion: "Use the address that the daemon printed.",
      });
    }
    const named = this.namedOrigin(request) !== null;
    if (origin !== undefined && !named && !this.#origins.has(origin)) {
      throw new TillerError("forbidden", "pages of this origin may not talk to the daemon", {
        field: "origin",
        suggestion: "Add the origin to `origins` in config.json if the page is yours.",
      });
    }
    if (request.headers["sec-fetch-site"] === "cross-site" && !isPage && !named)
      throw new TillerError("forbidden", "requests of other sites are refused", { field: "origin" });
    if (namesSecret(request.url ?? "")) {
      throw new TillerError("unauthorised", "a token in the URL is refused, because URLs end in logs", {
        suggestion: "Send it as `Authorization: Bearer …`, or as a WebSocket sub-protocol; revoke the one that you sent.",
      });
    }
  }

  /** @throws TillerError unauthorised */
  fromHttp(request: IncomingMessage): Identity {
    const match = /^Bearer ([A-Za-z0-9_-]+)$/i.exec(request.headers.authorization ?? "");
    return this.#identify(match?.[1]);
  }

  /** The token among the sub-protocols `tiller.v1, tiller.token.<token>`. @throws TillerError unauthorised */
  fromSocket(request: IncomingMessage): Identity {
    const offered = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
    if (!offered.includes(SUBPROTOCOL)) {
      throw new TillerError("protocol-mismatch", `the WebSocket must offer the sub-protocol ${SUBPROTOCOL}`, {
        field: "sec-websocket-protocol",
      });
    }
    const tokens = offered.filter((name) => name.startsWith(TOKEN_SUBPROTOCOL_PREFIX));
    return this.#identify(tokens.length === 1 ? tokens[0]!.slice(TOKEN_SUBPROTOCOL_PREFIX.length) : undefined);
  }

  /**
   * That this is the daemon which knows a token, told without it: HMAC-SHA-256 of the nonce under the token's SHA-256.
   * @param id the first 16 hex digits of the SHA-256 of the token's SHA-256, both in hex; @param nonce the asker's
   * @throws TillerError unauthorised where no token has this id
   */
  prove(id: string, nonce: string): string {
    const { pages, tokens } = this.#options;
    for (const hash of [this.#ownHash.toString("hex"), ...pages.hashes, ...tokens.hashes()])
      if (digest(hash).toString("hex").startsWith(id)) return createHmac("sha256", hash).update(nonce).digest("hex");
    throw new TillerError("unauthorised", "the token is not known");
  }

  #identify(token: string | undefined): Identity {
    if (token !== undefined && TOKEN_PATTERN.test(token)) {
      const hash = digest(token);
      // looked up by its hash, which tells nothing of a token however long it takes
      if (timingSafeEqual(hash, this.#ownHash) || this.#options.pages.hashes.has(hash.toString("hex")))
        return { tokenId: null, scopes: new Set(TOKEN_SCOPES) };
      const entry = this.#options.tokens.find(token);
      if (entry !== null) return { tokenId: entry.id, scopes: new Set(entry.scopes) };
    }
    throw new TillerError("unauthorised", token === undefined ? "a token is needed" : "the token is not known", {
      suggestion: "Make one with `tiller token create --name <app> --scope generate`.",
    });
  }
}

/** The account of the lock file's token: who has it owns the daemon. */
export const OWNER = "owner";

/** Whose work it is: prefixes are reused within one account only, accounts take turns, and limits are theirs. */
export function accountOf({ tokenId }: Identity): string {
  return tokenId ?? OWNER;
}

/** Ids of clients begin with the account, so that whatever works for one knows whose that is. */
export function clientId(identity: Identity, name: string): string {
  return `${accountOf(identity)}/${name}`;
}

export function allows(identity: Identity, scope: TokenScope | null): boolean {
  return scope === null || identity.scopes.has(scope) || identity.scopes.has("admin");
}

/** @throws TillerError forbidden, naming the scope */
export function requireScope(identity: Identity, scope: TokenScope | null, what: string): void {
  if (allows(identity, scope)) return;
  throw new TillerError("forbidden", `${what} needs the scope '${scope}', which this token does not have`, {
    suggestion: `Make a token with \`--scope ${scope}\`.`,
  });
}

/** Whether a parameter of the URL is named as secrets are. In one pass: anyone may send this, before any token is looked at. */
function namesSecret(url: string): boolean {
  const query = url.indexOf("?");
  if (query < 0) return false;
  return url
    .slice(query + 1)
    .toLowerCase()
    .split(/[?&;]/)
    .some((part) => {
      const end = part.indexOf("=");
      const name = part.slice(0, Math.max(end, 0));
      return name.endsWith("token") || /^(?:api[_-]?)?key$/.test(name) || name.startsWith("auth");
    });
}

/** A bind to every address stands for the addresses that the machine has, never for any name. */
function boundNames(host: string): string[] {
  const every = host === "0.0.0.0" || host === "::";
  const addresses = every ? Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map((entry) => entry.address)) : [host];
  return addresses.map((address) => (address.includes(":") ? `[${address}]` : address));
}

function digest(token: string): Buffer {
  return createHash("sha256").update(token, "utf8").digest();
}
