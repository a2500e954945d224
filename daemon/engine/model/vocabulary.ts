/** What a token stands for, looked up once per token id. */

import { decodeUtf8, incompleteTail } from "../loop/text.ts";
import type { NativeModel } from "./native.ts";

export interface Entry {
  readonly bytes: Uint8Array;
  /** for showing a token alone; a part of a character shows as U+FFFD */
  readonly text: string;
  /** the text when the bytes are complete characters, else null */
  readonly whole: string | null;
  /** the bytes, where they are not complete characters, else null */
  readonly part: number[] | null;
  readonly ends: boolean;
}

export class Vocabulary {
  readonly #model: NativeModel;
  readonly #entries: (Entry | undefined)[] = [];

  constructor(model: NativeModel) {
    this.#model = model;
  }

  /** A token for showing, special ones as they are named. */
  piece(token: number): { text: string; bytes: number[] | null } {
    const bytes = this.#model.tokenBytes(token, true);
    const text = decodeUtf8(bytes);
    return { text, bytes: incompleteTail(bytes) > 0 || text.includes("\ufffd") ? [...bytes] : null };
  }

  /** Tokens as text, special ones as they are named. */
  text(tokens: readonly number[]): string {
    const parts = tokens.map((token) => this.#model.tokenBytes(token, true));
    return Buffer.concat(parts).toString("utf8");
  }

  entry(token: number): Entry {
    const known = this.#entries[token];
    if (known !== undefined) return known;
    const bytes = this.#model.tokenBytes(token, false);
    const text = decodeUtf8(bytes);
    const complete = incompleteTail(bytes) === 0 && !text.includes("\ufffd");
    const entry = {
      bytes,
      text,
      whole: complete ? text : null,
      part: complete ? null : [...bytes],
      ends: this.#model.isEndOfGeneration(token),
    };
    this.#entries[token] = entry;
    return entry;
  }
}
