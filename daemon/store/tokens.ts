/** Tokens of other apps: only their hashes are kept, so reading this file gives nobody access. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import * as z from "zod";
import { TokenEntrySchema } from "../protocol/api/daemon.ts";
import type { TokenScope } from "../protocol/api/table.ts";
import { TillerError } from "../protocol/errors.ts";
import { writeAtomic } from "./atomic.ts";
import { newToken } from "./lock.ts";

const StoredSchema = TokenEntrySchema.extend({ hash: z.string().regex(/^[0-9a-f]{64}$/) }).strict();
/** Of version 1, when `generate` allowed what `library` does now. */
const FIRST = 1;
const VERSION = 2;
const FileSchema = z.object({ version: z.union([z.literal(FIRST), z.literal(VERSION)]), tokens: z.array(StoredSchema) }).strict();
type Stored = z.infer<typeof StoredSchema>;
export type TokenEntry = z.infer<typeof TokenEntrySchema>;

const MAX_TOKENS = 1000;
/** `lastUsed` is written at most this often. */
const TOUCH_MS = 60_000;

export class TokenStore {
  readonly #path: string;
  #tokens: Stored[];

  constructor(path: string) {
    this.#path = path;
    this.#tokens = readTokens(path);
  }

  list(): TokenEntry[] {
    return this.#tokens.map(toEntry);
  }

  create(name: string, scopes: readonly TokenScope[]): { entry: TokenEntry; token: string } {
    if (this.#tokens.length >= MAX_TOKENS) {
      throw new TillerError("overloaded", `there are ${MAX_TOKENS} tokens already`, { suggestion: "Revoke some that are no longer used." });
    }
    const token = newToken();
    const stored: Stored = {
      id: randomBytes(6).toString("hex"),
      name,
      scopes: [...new Set(scopes)],
      created: new Date().toISOString(),
      lastUsed: null,
      hash: hashToken(token).toString("hex"),
    };
    this.#save([...this.#tokens, stored]);
    return { entry: toEntry(stored), token };
  }

  revoke(id: string): boolean {
    const left = this.#tokens.filter((token) => token.id !== id);
    if (left.length === this.#tokens.length) return false;
    this.#save(left);
    return true;
  }

  /** The entry of a token, compared in constant time with every stored hash. */
  find(token: string): TokenEntry | null {
    const hash = hashToken(token);
    let found: Stored | null = null;
    for (const stored of this.#tokens) if (timingSafeEqual(hash, Buffer.from(stored.hash, "hex"))) found = stored;
    if (found !== null) this.#touch(found);
    return found === null ? null : toEntry(found);
  }

  /** SHA-256 of each token, in hex. */
  hashes(): string[] {
    return this.#tokens.map(({ hash }) => hash);
  }

  #touch(stored: Stored): void {
    const now = new Date();
    if (stored.lastUsed !== null && now.getTime() - Date.parse(stored.lastUsed) < TOUCH_MS) return;
    try {
      this.#save(this.#tokens.map((token) => (token.id === stored.id ? { ...token, lastUsed: now.toISOString() } : token)));
    } catch {
      // A full disk must not lock an app out.
    }
  }

  #save(tokens: Stored[]): void {
    writeAtomic(this.#path, `${JSON.stringify({ version: VERSION, tokens }, null, 1)}\n`);
    this.#tokens = tokens;
  }
}

export function hashToken(token: string): Buffer {
  return createHash("sha256").update(token, "utf8").digest();
}

function toEntry({ hash: _, ...entry }: Stored): TokenEntry {
  return entry;
}

/** An app goes on making presets and artifacts; those of others are out of its reach, see `grants.ts`. */
function withLibrary(token: Stored): Stored {
  return token.scopes.includes("generate") ? { ...token, scopes: [...new Set([...token.scopes, "library" as const])] } : token;
}

function readTokens(path: string): Stored[] {
  if (!existsSync(path)) return [];
  try {
    const { version, tokens } = FileSchema.parse(JSON.parse(readFileSync(path, "utf8")));
    return version === FIRST ? tokens.map(withLibrary) : tokens;
  } catch {
    throw new TillerError("storage-failed", "tokens.json is damaged", {
      suggestion: "Restore it, or delete it and make new tokens with `tiller token create`.",
    });
  }
}
