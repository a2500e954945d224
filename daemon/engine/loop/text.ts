/** From token bytes to text: characters that span tokens, and stop strings that span tokens. */

/** Bytes at the end that begin a UTF-8 character without ending it (0 to 3). */
export function incompleteTail(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return needed > back ? back : 0;
  }
  return 0;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Holds an incomplete character back until the token that ends it. */
export class Utf8Stream {
  #tail: Uint8Array | null = null;

  /** @param whole the text of `bytes` when they are complete characters, which spares the decoding; else null */
  push(bytes: Uint8Array, whole: string | null): string {
    if (this.#tail === null && whole !== null) return whole;
    let all = bytes;
    if (this.#tail !== null) {
      all = new Uint8Array(this.#tail.length + bytes.length);
      all.set(this.#tail);
      all.set(bytes, this.#tail.length);
    }
    const open = incompleteTail(all);
    this.#tail = open === 0 ? null : all.slice(all.length - open);
    return decodeUtf8(open === 0 ? all : all.subarray(0, all.length - open));
  }
}

/** Where the first stop string begins, −1 when there is none. */
export function findStop(text: string, stops: readonly string[]): number {
  let first = -1;
  for (const stop of stops) {
    const at = text.indexOf(stop);
    if (at >= 0 && (first < 0 || at < first)) first = at;
  }
  return first;
}

/** Length of the longest end of `text` that may be the beginning of a stop string. */
export function mayBegin(text: string, stops: readonly string[]): number {
  let longest = 0;
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(stop.slice(0, length))) {
        longest = length;
        break;
      }
    }
  }
  return longest;
}

interface Written {
  text: string;
}

/**
 * Decides which written tokens may be shown. Tokens are shown whole: one whose text may begin a stop string waits, with
 * all that follow, until it is decided.
 */
export class StopGate<T extends Written> {
  readonly #stops: readonly string[];
  #held: T[] = [];
  #text = "";

  constructor(stops: readonly string[]) {
    this.#stops = stops;
  }

  /** Tokens that may be shown now; `stopped` when a stop string is complete (the token in which it begins is cut short). */
  push(token: T): { readonly shown: readonly T[]; readonly stopped: boolean } {
    if (this.#stops.length === 0) return { shown: [token], stopped: false };
    this.#held.push(token);
    this.#text += token.text;
    const stop = findStop(this.#text, this.#stops);
    if (stop >= 0) return { shown: this.#cut(stop), stopped: true };
    const safe = this.#text.length - mayBegin(this.#text, this.#stops);
    let end = 0;
    let count = 0;
    for (const held of this.#held) {
      if (end + held.text.length > safe) break;
      end += held.text.length;
      count++;
    }
    const shown = this.#held.splice(0, count);
    this.#text = this.#text.slice(end);
    return { shown, stopped: false };
  }

  /** The answer ended: what waited is shown. */
  rest(): readonly T[] {
    const shown = this.#held;
    this.#held = [];
    this.#text = "";
    return shown;
  }

  #cut(stop: number): T[] {
    const shown: T[] = [];
    let end = 0;
    for (const token of this.#held) {
      if (end >= stop) break;
      if (end + token.text.length > stop) token.text = token.text.slice(0, stop - end);
      end += token.text.length;
      shown.push(token);
    }
    this.#held = [];
    this.#text = "";
    return shown;
  }
}
