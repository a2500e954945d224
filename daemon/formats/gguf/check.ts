/**
 * Checks at the level of a model, after `parseGguf`: the keys that llama.cpp needs are there and in sane ranges, the
 * vocabulary fits together, and tensors have the shapes that the keys promise. Much of this would otherwise be met by an
 * assertion that ends the process (llama-model.cpp, llama-vocab.cpp). What needs no crash to be noticed is left to llama.cpp.
 */
import { checkTensors } from "./check-tensors.ts";
import { checkVocabulary } from "./check-vocabulary.ts";
import type { ModelFacts } from "./facts.ts";
import { notAModel } from "./kind.ts";
import { GgufError, type GgufFile } from "./types.ts";
import { getBoolean, getNumber, getPerLayer, getString } from "./values.ts";

/** LLAMA_MAX_LAYERS and LLAMA_MAX_EXPERTS of llama.cpp; an assertion guards each. */
const MAX_LAYERS = 512;
const MAX_EXPERTS = 1024;
const MAX_WIDTH = 1 << 20;
const MAX_CONTEXT = 1 << 28;

/**
 * Architectures of llama.cpp that do not write a text from left to right (llama-arch.cpp, src/models): encoders, encoders with a
 * decoder, speech, diffusion, and drafts for another model. Decoding them as if they did ends in an assertion or in noise.
 */
const NOT_WRITERS = new Set([
  ...["bert", "modern-bert", "nomic-bert", "nomic-bert-moe", "neo-bert", "jina-bert-v2", "jina-bert-v3", "eurobert", "gemma-embedding"],
  ...["t5", "t5encoder", "wavtokenizer-dec", "dream", "llada", "llada-moe", "rnd1", "eagle3", "dflash"],
]);

/** Throws `GgufError` naming the key or tensor at fault. */
export function checkModel(file: GgufFile): ModelFacts {
  const architecture = checkKind(file);
  const key = (suffix: string) => `${architecture}.${suffix}`;
  const layers = integer(file, key("block_count"), 1, MAX_LAYERS);
  const width = integer(file, key("embedding_length"), 1, MAX_WIDTH);
  const context = integer(file, key("context_length"), 1, MAX_CONTEXT);

  const heads = perLayer(file, key("attention.head_count"), layers, MAX_WIDTH) ?? new Array<number>(layers).fill(0);
  const kvHeads = perLayer(file, key("attention.head_count_kv"), layers, MAX_WIDTH) ?? heads;
  const mlpWidths = perLayer(file, key("feed_forward_length"), layers, MAX_WIDTH) ?? new Array<number>(layers).fill(0);
  for (const [layer, count] of heads.entries()) {
    const shared = kvHeads[layer]!;
    if (shared > 0 && count % shared !== 0)
      throw new GgufError(key("attention.head_count_kv"), `${count} heads cannot share ${shared} key heads (layer ${layer})`, 0);
  }
  const first = heads[0]!;
  const derived = first > 0 ? Math.floor(width / first) : 0;
  const keyWidth = optional(file, key("attention.key_length"), 0, MAX_WIDTH) ?? derived;
  const valueWidth = optional(file, key("attention.value_length"), 0, MAX_WIDTH) ?? derived;
  if (first > 0 && file.metadata.get(key("attention.key_length")) === undefined && width % first !== 0)
    throw new GgufError(key("attention.head_count"), `${width} is not divisible into ${first} heads`, 0);

  checkRope(file, key, keyWidth);
  const [experts, expertsUsed] = checkExperts(file, key, layers);
  for (const suffix of ["attention.layer_norm_rms_epsilon", "attention.layer_norm_epsilon"]) real(file, key(suffix), 0, 1);

  const warnings: string[] = [];
  const vocabulary = checkVocabulary(file, architecture, warnings);
  const facts: ModelFacts = {
    ...{ architecture, name: getString(file, "general.name"), layers, width, context, heads, kvHeads, mlpWidths },
    window: optional(file, key("attention.sliding_window"), 1, MAX_CONTEXT),
    ...{ keyWidth, valueWidth, experts, expertsUsed, vocabulary, warnings },
  };
  checkTensors(file, facts);
  return facts;
}

/** ggml computes on tensors where they lie, and asserts that they lie at multiples of this. */
const LEAST_ALIGNMENT = 32;

function checkKind(file: GgufFile): string {
  if (file.alignment < LEAST_ALIGNMENT)
    throw new GgufError("general.alignment", `${file.alignment}: llama.cpp reads tensors at multiples of ${LEAST_ALIGNMENT} bytes only`, 0);
  const architecture = getString(file, "general.architecture");
  if (architecture === null) throw new GgufError("general.architecture", "is missing", 0);
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(architecture)) throw new GgufError("general.architecture", "is not a name", 0);
  const type = getString(file, "general.type");
  const other = notAModel(architecture, type);
  if (other !== null) throw new GgufError("general.architecture", other, 0);
  if (NOT_WRITERS.has(architecture) || getBoolean(file, `${architecture}.attention.causal`) === false)
    throw new GgufError(
      "general.architecture",
      `'${architecture}' does not write text from left to right (an embedding, diffusion or other model)`,
      0,
    );
  return architecture;
}

function checkRope(file: GgufFile, key: (suffix: string) => string, keyWidth: number): void {
  const rotated = optional(file, key("rope.dimension_count"), 0, MAX_WIDTH);
  if (rotated !== null && (rotated % 2 !== 0 || (keyWidth > 0 && rotated > keyWidth)))
    throw new GgufError(key("rope.dimension_count"), `${rotated} must be even and at most the head width ${keyWidth}`, 0);
  real(file, key("rope.freq_base"), 1e-6, 1e12);
  real(file, key("rope.scaling.factor"), 0, 1e6);
  const scaling = getString(file, key("rope.scaling.type"));
  if (scaling !== null && !["none", "linear", "yarn", "longrope"].includes(scaling))
    throw new GgufError(key("rope.scaling.type"), `'${scaling.slice(0, 40)}' is unknown`, 0);
}

function checkExperts(file: GgufFile, key: (suffix: string) => string, layers: number): [number, number] {
  const experts = optional(file, key("expert_count"), 0, MAX_EXPERTS) ?? 0;
  const used = Math.max(0, ...(perLayer(file, key("expert_used_count"), layers, MAX_EXPERTS) ?? []));
  if (used > experts || (experts > 0 && used === 0))
    throw new GgufError(key("expert_used_count"), `${used} of ${experts} experts cannot be used`, 0);
  const groups = optional(file, key("expert_group_count"), 0, MAX_EXPERTS) ?? 0;
  if (experts === 0 ? groups > 0 : groups >= experts || (groups > 1 && experts % groups !== 0))
    throw new GgufError(key("expert_group_count"), `${experts} experts cannot form ${groups} groups`, 0);
  const groupsUsed = optional(file, key("expert_group_used_count"), 0, MAX_EXPERTS) ?? 0;
  if (groups > 1 && (groupsUsed === 0 || groupsUsed >= groups))
    throw new GgufError(key("expert_group_used_count"), `${groupsUsed} of ${groups} groups cannot be used`, 0);
  return [experts, used];
}

function optional(file: GgufFile, key: string, least: number, most: number): number | null {
  const value = getNumber(file, key);
  if (value === null) return null;
  if (!Number.isInteger(value) || value < least || value > most)
    throw new GgufError(key, `${value} is not an integer from ${least} to ${most}`, 0);
  return value;
}

function integer(file: GgufFile, key: string, least: number, most: number): number {
  const value = optional(file, key, least, most);
  if (value === null) throw new GgufError(key, "is missing", 0);
  return value;
}

function real(file: GgufFile, key: string, least: number, most: number): void {
  const value = getNumber(file, key);
  if (value !== null && !(value >= least && value <= most)) throw new GgufError(key, `${value} is not from ${least} to ${most}`, 0);
}

function perLayer(file: GgufFile, key: string, layers: number, most: number): number[] | null {
  const values = getPerLayer(file, key, layers);
  const bad = values?.find((value) => !Number.isInteger(value) || value < 0 || value > most);
  if (bad !== undefined) throw new GgufError(key, `${bad} is not an integer from 0 to ${most}`, 0);
  return values;
}
