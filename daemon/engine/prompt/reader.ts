/**
 * Takes an answer apart while it is written: what the model thinks, and what it says. llama.cpp reads it with the parser that
 * it made for the template; a model whose template has no parts is passed through.
 */
import { randomBytes } from "node:crypto";
import type { ToolCall, ToolCallDelta } from "../../protocol/tools.ts";
import type { NativeAddon, NativeChatParser, NativeModel, NativeRendered } from "../model/native.ts";

/** What became certain with a piece of the answer. */
export interface Parts {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly ToolCallDelta[];
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
  /** calls of functions, as far as they are written */
  readonly toolCalls: readonly ToolCall[];
  /** the model has begun another call where there may be no more: the answer ends before it */
  readonly full: boolean;
}

interface Parsed {
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
}

const NOTHING: Parts = { text: "", reasoning: "", calls: [] };
/** Once an answer is long it is read again after so large a part of it only, or reading would cost its square. */
const AGAIN = 1 / 2048;
/** A character that no mark has. */
const NOTHING_FOLLOWS = "\u{10fffd}";

export const PLAIN_READER: AnswerReader = {
  parts: false,
  markers: new Map(),
  push: (text) => ({ text, reasoning: "", calls: [] }),
  end: () => NOTHING,
  reasoning: null,
  toolCalls: [],
  full: false,
};

/**
 * @param rendered null: the second renderer wrote the prompt, and nothing is known of the answer's form
 * @param parallel whether an answer may call several functions; llama.cpp's grammars hold it for some templates only
 */
export function readerOf(addon: NativeAddon, model: NativeModel, rendered: NativeRendered | null, parallel: boolean): AnswerReader {
  if (rendered === null || rendered.parser === "") return PLAIN_READER;
  const parser = addon.chatParser(rendered);
  // what calls functions has marks of its own that a plain text does not show
  if (!rendered.thinks && rendered.grammar === "" && passes(parser)) return PLAIN_READER;
  const markers = new Map<number, string>();
  for (const text of rendered.preservedTokens) {
    const tokens = model.tokenize(text, false, true);
    if (tokens.length === 1) markers.set(tokens[0]!, text);
  }
  return new PartsReader(parser, markers, parallel ? Number.POSITIVE_INFINITY : 1);
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
  readonly #calls: ToolCall[] = [];
  readonly #mostCalls: number;
  full = false;

  constructor(parser: NativeChatParser, markers: ReadonlyMap<number, string>, mostCalls: number) {
    this.#parser = parser;
    this.markers = markers;
    this.#mostCalls = mostCalls;
  }

  get reasoning(): string | null {
    return this.#reasoning === "" ? null : this.#reasoning;
  }

  get toolCalls(): readonly ToolCall[] {
    return this.#calls;
  }

  push(written: string): Parts {
    this.#written += written;
    if (written === "" || this.#written.length - this.#read < this.#written.length * AGAIN) return NOTHING;
    this.#read = this.#written.length;
    return this.#take(this.#parse(this.#written, true));
  }

  end(whole: boolean): Parts {
    const parsed = (whole ? this.#parse(this.#written, false) : null) ?? this.#cut();
    const parts = this.#take(parsed, true);
    // An answer that does not have the form is still an answer.
    if (this.#text === "" && this.#reasoning === "" && this.#calls.length === 0 && parsed === null)
      return { ...NOTHING, text: this.#written };
    return parts;
  }

  /** Of a text that is cut off, the parser holds back what may begin a mark; here nothing follows. */
  #cut(): Parsed | null {
    const parsed = this.#parse(this.#written + NOTHING_FOLLOWS, true);
    if (parsed === null) return null;
    const without = (text: string): string => text.replace(NOTHING_FOLLOWS, "");
    const toolCalls = parsed.toolCalls.map((call) => ({ ...call, arguments: without(call.arguments) }));
    return { text: without(parsed.text), reasoning: without(parsed.reasoning), toolCalls };
  }

  #parse(text: string, partial: boolean): Parsed | null {
    try {
      const { content, reasoning, toolCalls } = this.#parser.parse(text, partial);
      return { text: content, reasoning, toolCalls };
    } catch {
      return null;
    }
  }

  #take(parsed: Parsed | null, last = false): Parts {
    if (parsed === null) return NOTHING;
    const text = parsed.text.slice(this.#text.length);
    const reasoning = parsed.reasoning.slice(this.#reasoning.length);
    this.#text += text;
    this.#reasoning += reasoning;
    this.full ||= parsed.toolCalls.length > this.#mostCalls;
    const calls = parsed.toolCalls.slice(0, this.#mostCalls);
    return { text, reasoning, calls: calls.flatMap((call, index) => this.#call(call, index, last)) };
  }

  /** A call is told once its name is whole, which it is when its arguments begin. */
  #call({ id, name, arguments: json }: Parsed["toolCalls"][number], index: number, last: boolean): ToolCallDelta[] {
    const known = this.#calls[index];
    if (known === undefined) {
      if (index !== this.#calls.length || (json === "" && !last)) return [];
      const call = { id: id === "" ? `call_${randomBytes(12).toString("hex")}` : id, name, arguments: json };
      this.#calls.push(call);
      return [{ index, ...call }];
    }
    if (!json.startsWith(known.arguments) || json.length === known.arguments.length) return [];
    const more = json.slice(known.arguments.length);
    this.#calls[index] = { ...known, arguments: json };
    return [{ index, arguments: more }];
  }
}
