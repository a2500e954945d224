/**
 * Takes an answer apart while it is written: what the model thinks, and what it says. llama.cpp reads it with the parser that
 * it made for the template; a model whose template has no parts is passed through.
 */
import type { NativeAddon, NativeChatParser, NativeModel, NativeRendered } from "../model/native.ts";

/** What became certain with a piece of the answer. */
export interface Parts {
  readonly text: string;
  readonly reasoning: string;
}

export interface AnswerReader {
  /** it takes the answer apart: a piece's text may come with a later one */
  readonly parts: boolean;
  /** special tokens that it must see, as text; such tokens are not shown otherwise */
  readonly markers: ReadonlyMap<number, string>;
  push(written: string): Parts;
  /** @param whole the model ended the answer itself */
  end(whole: boolean): Parts;
  readonly reasoning: string | null;
}

const NOTHING: Parts = { text: "", reasoning: "" };
/** Once an answer is long it is read again after so large a part of it only, or reading would cost its square. */
const AGAIN = 1 / 2048;
/** A character that no mark has. */
const NOTHING_FOLLOWS = "\u{10fffd}";

export const PLAIN_READER: AnswerReader = {
  parts: false,
  markers: new Map(),
  push: (text) => ({ text, reasoning: "" }),
  end: () => NOTHING,
  reasoning: null,
};

/** @param rendered null: the second renderer wrote the prompt, and nothing is known of the answer's form */
export function readerOf(addon: NativeAddon, model: NativeModel, rendered: NativeRendered | null): AnswerReader {
  if (rendered === null || rendered.parser === "") return PLAIN_READER;
  const parser = addon.chatParser(rendered);
  if (!rendered.thinks && passes(parser)) return PLAIN_READER;
  const markers = new Map<number, string>();
  for (const text of rendered.preservedTokens) {
    const tokens = model.tokenize(text, false, true);
    if (tokens.length === 1) markers.set(tokens[0]!, text);
  }
  return new PartsReader(parser, markers);
}

/** The parser finds nothing to take off a plain text. */
function passes(parser: NativeChatParser): boolean {
  const text = "Yes, it is.";
  try {
    return parser.parse(text, true).content === text;
  } catch {
    return false;
  }
}

class PartsReader implements AnswerReader {
  readonly parts = true;
  readonly markers: ReadonlyMap<number, string>;
  readonly #parser: NativeChatParser;
  #written = "";
  #read = 0;
  #text = "";
  #reasoning = "";

  constructor(parser: NativeChatParser, markers: ReadonlyMap<number, string>) {
    this.#parser = parser;
    this.markers = markers;
  }

  get reasoning(): string | null {
    return this.#reasoning === "" ? null : this.#reasoning;
  }

  push(written: string): Parts {
    this.#written += written;
    if (written === "" || this.#written.length - this.#read < this.#written.length * AGAIN) return NOTHING;
    this.#read = this.#written.length;
    return this.#take(this.#parse(this.#written, true));
  }

  end(whole: boolean): Parts {
    const parsed = (whole ? this.#parse(this.#written, false) : null) ?? this.#cut();
    const parts = this.#take(parsed);
    // An answer that does not have the form is still an answer.
    if (this.#text === "" && this.#reasoning === "" && parsed === null) return { text: this.#written, reasoning: "" };
    return parts;
  }

  /** Of a text that is cut off, the parser holds back what may begin a mark; here nothing follows. */
  #cut(): Parts | null {
    const parsed = this.#parse(this.#written + NOTHING_FOLLOWS, true);
    if (parsed === null) return null;
    return { text: parsed.text.replace(NOTHING_FOLLOWS, ""), reasoning: parsed.reasoning.replace(NOTHING_FOLLOWS, "") };
  }

  #parse(text: string, partial: boolean): Parts | null {
    try {
      const { content, reasoning } = this.#parser.parse(text, partial);
      return { text: content, reasoning };
    } catch {
      return null;
    }
  }

  #take(parsed: Parts | null): Parts {
    if (parsed === null) return NOTHING;
    const parts = { text: parsed.text.slice(this.#text.length), reasoning: parsed.reasoning.slice(this.#reasoning.length) };
    this.#text += parts.text;
    this.#reasoning += parts.reasoning;
    return parts;
  }
}
