/**
 * A made-up SentencePiece ("llama") vocabulary with byte fallback, so that any text becomes tokens and comes back.
 * Ids: 0 unknown, 1 BOS, 2 EOS, then the 256 bytes, three chat markers, single characters, and longer pieces.
 */
import { entry } from "../../../daemon/formats/gguf/write.ts";

type Metadata = [string, ReturnType<(typeof entry)["string"]>];

/** llama.cpp's enum llama_token_type. */
const NORMAL = 1;
const UNKNOWN = 2;
const CONTROL = 3;
const BYTE = 6;

export const CHAT_MARKERS = ["<|system|>", "<|user|>", "<|assistant|>"] as const;

const CHAT_TEMPLATE =
  "{{ bos_token }}{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] + eos_token }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";

export interface Vocabulary {
  readonly tokens: readonly string[];
  readonly scores: Float32Array;
  readonly types: Int32Array;
}

/** `size` tokens, 512 at least; without byte tokens for the fixture that kills llama.cpp's tokenizer. */
export function vocabulary(size: number, byteTokens = true): Vocabulary {
  const tokens: string[] = ["<unk>", "<s>", "</s>"];
  const types: number[] = [UNKNOWN, CONTROL, CONTROL];
  if (byteTokens) {
    for (let i = 0; i < 256; i++) {
      tokens.push(`<0x${i.toString(16).toUpperCase().padStart(2, "0")}>`);
      types.push(BYTE);
    }
  } else {
    // node-llama-cpp tokenises a line feed while it loads a model: without it the fixture would end the process there
    tokens.push("\n");
    types.push(NORMAL);
  }
  tokens.push(...CHAT_MARKERS);
  types.push(...CHAT_MARKERS.map(() => CONTROL));
  const special = tokens.length;
  for (const piece of pieces()) {
    if (tokens.length === size) break;
    tokens.push(piece);
    types.push(NORMAL);
  }
  if (tokens.length !== size) throw new RangeError(`no vocabulary of ${size} tokens: there are pieces for ${tokens.length}`);
  // the tokenizer merges the highest score first: earlier pieces are merged earlier
  const scores = Float32Array.from(tokens, (_, i) => (i < special ? 0 : special - i));
  return { tokens, scores, types: Int32Array.from(types) };
}

/** Single characters, then word beginnings and letter groups; every piece is a known piece plus one letter, so all can be reached. */
function* pieces(): Generator<string> {
  yield "▁";
  for (let code = 0x21; code < 0x7f; code++) yield String.fromCharCode(code);
  const letters = [..."etaonirshdlucmfwgypbvkxjqz"];
  for (const letter of letters) yield `▁${letter}`;
  for (const first of letters) for (const second of letters) yield first + second;
  for (const first of letters) for (const second of letters) yield `▁${first}${second}`;
  for (const first of letters) for (const second of letters) for (const third of letters) yield first + second + third;
}

export function vocabularyMetadata({ tokens, scores, types }: Vocabulary): Metadata[] {
  return [
    ["tokenizer.ggml.model", entry.string("llama")],
    ["tokenizer.ggml.pre", entry.string("default")],
    ["tokenizer.ggml.tokens", entry.strings(tokens)],
    ["tokenizer.ggml.scores", entry.f32s(scores)],
    ["tokenizer.ggml.token_type", entry.i32s(types)],
    ["tokenizer.ggml.bos_token_id", entry.u32(1)],
    ["tokenizer.ggml.eos_token_id", entry.u32(2)],
    ["tokenizer.ggml.unknown_token_id", entry.u32(0)],
    ["tokenizer.ggml.add_bos_token", entry.bool(true)],
    ["tokenizer.ggml.add_eos_token", entry.bool(false)],
    ["tokenizer.chat_template", entry.string(CHAT_TEMPLATE)],
  ];
}

/** The chat markers stand in for the tokens around a gap: prefix, suffix, middle. */
export const INFILL_IDS = { prefix: 259, suffix: 260, middle: 261 } as const;

export const INFILL_METADATA: Metadata[] = [
  ["tokenizer.ggml.fim_pre_token_id", entry.u32(INFILL_IDS.prefix)],
  ["tokenizer.ggml.fim_suf_token_id", entry.u32(INFILL_IDS.suffix)],
  ["tokenizer.ggml.fim_mid_token_id", entry.u32(INFILL_IDS.middle)],
];
