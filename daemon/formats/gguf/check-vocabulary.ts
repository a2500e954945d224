/** Checks the tokenizer's keys against each other. Source: llama_vocab::impl::load in llama-vocab.cpp. */
import { GgufError, type GgufFile } from "./types.ts";
import { getNumber, getString, getStrings } from "./values.ts";

const SPECIAL = ["bos", "eos", "eot", "eom", "unknown", "seperator", "padding", "mask", "cls"];
const BYTE = 6;

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
    const text = token === "" ? `[EMPTY_${id}]` : token;
    if (seen.has(text)) throw new GgufError(key, `token ${id} has the same text as an earlier one`, 0);
    seen.add(text);
  }
  checkLength(file, "tokenizer.ggml.scores", tokens.length, ["float32", "int32"]);
  const types = checkLength(file, "tokenizer.ggml.token_type", tokens.length, ["int32"]);

  const declared = getNumber(file, `${architecture}.vocab_size`);
  if (declared !== null && declared !== tokens.length)
    warnings.push(`${architecture}.vocab_size says ${declared}, but there are ${tokens.length} tokens`);
  for (const name of SPECIAL) {
    const id = getNumber(file, `tokenizer.ggml.${name}_token_id`);
    // llama.cpp ignores such an id; a model that never ends its answer is worth a word
    if (id !== null && (!Number.isInteger(id) || id < 0 || id >= tokens.length))
      warnings.push(`tokenizer.ggml.${name}_token_id ${id} is not among the ${tokens.length} tokens and is ignored`);
  }
  if (model === "llama" && types !== null && countBytes(types, tokens.length) < 256)
    warnings.push("the vocabulary lacks byte tokens: text with an unknown character cannot be tokenised and ends the engine");
  return tokens.length;
}

/** llama.cpp reads these arrays by token id; a longer one does no harm. */
function checkLength(file: GgufFile, key: string, tokens: number, types: readonly string[]): ArrayLike<unknown> | null {
  const found = file.metadata.get(key);
  if (found === undefined) return null;
  if (found.type !== "array" || !types.includes(found.items)) throw new GgufError(key, `must be an array of ${types.join(" or ")}`, 0);
  if (found.value.length < tokens) throw new GgufError(key, `has ${found.value.length} values for ${tokens} tokens`, 0);
  return found.value;
}

function countBytes(types: ArrayLike<unknown>, tokens: number): number {
  let count = 0;
  for (let i = 0; i < tokens; i++) if (types[i] === BYTE) count++;
  return count;
}
