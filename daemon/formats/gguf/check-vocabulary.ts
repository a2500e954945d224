/** Checks the tokenizer's keys against each other. Source: llama_vocab::impl::load in llama-vocab.cpp. */
import { GgufError, type GgufFile } from "./types.ts";
import { getNumber, getString, getStrings } from "./values.ts";

const SPECIAL = ["bos", "eos", "eot", "eom", "unknown", "seperator", "padding", "mask", "cls"];

/** The number of tokens; 0 for a file without a vocabulary. */
export function checkVocabulary(file: GgufFile, architecture: string, warnings: string[]): number {
  const model = getString(file, "tokenizer.ggml.model");
  if (model === null) throw new GgufError("tokenizer.ggml.model", "is missing", 0);
  if (model === "none" || model === "no_vocab") return 0;

  const key = "tokenizer.ggml.tokens";
  const tokens = getStrings(file, key);
  if (tokens === null) throw new GgufError(key, "is missing", 0);
  if (tokens.length === 0) throw new GgufError(key, "is empty", 0);
  // an assertion in llama.cpp: two tokens with one text end the process
  const seen = new Set<string>();
  for (const [id, token] of tokens.entries()) {
    // it reads them as C strings, so a zero byte ends a token, and gives empty ones a name
    const end = token.indexOf("\0");
    seen.add((end === -1 ? token : token.slice(0, end)) || `[EMPTY_${id}]`);
    if (seen.size === id) throw new GgufError(key, `token ${id} has the same text as an earlier one`, 0);
  }
  checkLength(file, "tokenizer.ggml.scores", tokens.length, ["float32", "int32"]);
  checkLength(file, "tokenizer.ggml.token_type", tokens.length, ["int32"]);

  const declared = getNumber(file, `${architecture}.vocab_size`);
  if (declared !== null && declared !== tokens.length)
    warnings.push(`${architecture}.vocab_size says ${declared}, but there are ${tokens.length} tokens`);
  for (const name of SPECIAL) {
    const id = getNumber(file, `tokenizer.ggml.${name}_token_id`);
    // llama.cpp ignores such an id; a model that never ends its answer is worth a word
    if (id !== null && (!Number.isInteger(id) || id < 0 || id >= tokens.length))
      warnings.push(`tokenizer.ggml.${name}_token_id ${id} is not among the ${tokens.length} tokens and is ignored`);
  }
  const missing = model === "llama" ? missingBytes(seen) : 0;
  if (missing > 0)
    warnings.push(`the vocabulary lacks ${missing} of 256 byte tokens: text with an unknown character ends the engine that tokenises it`);
  return tokens.length;
}

/** llama.cpp reads these arrays by token id; a longer one does no harm. */
function checkLength(file: GgufFile, key: string, tokens: number, types: readonly string[]): void {
  const found = file.metadata.get(key);
  if (found === undefined) return;
  if (found.type !== "array" || !types.includes(found.items)) throw new GgufError(key, `must be an array of ${types.join(" or ")}`, 0);
  if (found.value.length < tokens) throw new GgufError(key, `has ${found.value.length} values for ${tokens} tokens`, 0);
}

/** Bytes for which llama_vocab::byte_to_token would find no token and throw: neither `<0x41>` nor the character itself. */
function missingBytes(tokens: ReadonlySet<string>): number {
  let missing = 0;
  for (let byte = 0; byte < 256; byte++) {
    const name = `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
    if (!tokens.has(name) && !(byte < 128 && tokens.has(String.fromCharCode(byte)))) missing++;
  }
  return missing;
}
