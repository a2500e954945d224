/**
 * The whole native surface, typed by hand: what `daemon/native` (our addon on the patched libllama) offers.
 * This is the only file that loads the addon. Nothing here knows of presets, sockets or node-llama-cpp's classes.
 *
 * Threads: a context runs its decodes on one native thread of its own. `configure`, `writeProfile`, `bind` and the KV
 * calls are staged under a mutex and applied by that thread at the start of the next decode, in the order in which they
 * were called. Each staging call returns the new staging version; `DecodeResult.version` is the version that a decode ran
 * under, so a caller knows exactly which token was the first under a new strength.
 */
import { createRequire } from "node:module";
import type { SiteName } from "../../protocol/sites.ts";

export interface NativeAddon {
  info(): { llamaBuild: string; steerVersion: number; systemInfo: string };
  /** The model of this process that was loaded last (registry inside libllama). Throws when there is none. */
  openNewest(): NativeModel;
  /** Takes apart the answer to a conversation, as llama.cpp's server does. */
  chatParser(rendered: NativeRendered): NativeChatParser;
}

/** A chat template on llama.cpp's own renderer (common_chat). */
export interface NativeChatTemplate {
  facts(): {
    readonly source: string;
    /** it has a part for reasoning, so that `enable_thinking` is on unless a request says otherwise */
    readonly thinking: boolean;
    readonly capabilities: Readonly<Record<string, boolean>>;
    /** every name that the template's statements and expressions use */
    readonly identifiers: readonly string[];
  };
  /**
   * @param request JSON with the keys of llama.cpp's server: messages, tools, tool_choice, parallel_tool_calls,
   * add_generation_prompt, continue_final_message, enable_thinking, chat_template_kwargs, json_schema
   * @throws Error with the template's own words
   */
  render(request: string): NativeRendered;
}

/** What llama.cpp makes of a conversation. Tags and stops are texts; "" and [] where the template has none. */
export interface NativeRendered {
  readonly prompt: string;
  /** the end of `prompt` in which the answer begins */
  readonly generationPrompt: string;
  /** llama.cpp's number for the form of the answer, and its description as a parser */
  readonly format: number;
  readonly parser: string;
  readonly thinks: boolean;
  readonly thinkingStart: string;
  readonly thinkingEnds: readonly string[];
  /** special tokens that the parser must see as text */
  readonly preservedTokens: readonly string[];
  readonly stops: readonly string[];
  /** GBNF of the tool calls (or of the JSON schema), which applies from the first of `grammarTriggers` on where it is lazy */
  readonly grammar: string;
  readonly grammarLazy: boolean;
  readonly grammarTriggers: readonly {
    readonly type: "token" | "word" | "pattern" | "pattern-full";
    readonly value: string;
    readonly token: number;
  }[];
}

export interface NativeChatParser {
  /**
   * @param text the answer as written, preserved tokens as text
   * @param partial more may follow
   * @throws Error where a whole answer does not have the form
   */
  parse(
    text: string,
    partial: boolean,
  ): { content: string; reasoning: string; toolCalls: { id: string; name: string; arguments: string }[] };
}

export interface NativeModelFacts {
  readonly architecture: string;
  readonly layers: number;
  /** d */
  readonly width: number;
  /** per layer: H, KV heads, f; 0 where the layer has none */
  readonly heads: readonly number[];
  readonly kvHeads: readonly number[];
  readonly mlpWidth: readonly number[];
  readonly headDim: number;
  readonly vocabulary: number;
  readonly contextTrained: number;
  /** above this context size other rope factors hold; null: there is one set */
  readonly ropeContext: number | null;
  readonly tiedHead: boolean;
  readonly sizeBytes: number;
  readonly parameters: number;
  /** e.g. "parallel attention and MLP: an MLP edit does not see the same layer's attention" */
  readonly notes: readonly string[];
}

/** One row per (site, layer); `reason` is set exactly when `live` is false. */
export interface NativeSite {
  readonly site: SiteName;
  readonly layer: number;
  readonly width: number;
  readonly live: boolean;
  readonly reason: string | null;
}

export interface NativeModel {
  facts(): NativeModelFacts;
  sites(): NativeSite[];
  tensors(): { name: string; type: string; shape: number[] }[];
  /** Rows [start, start+count) of a 2-D (or 1-D, as one row) tensor, dequantised. Shape [count × ne0]. */
  readRows(tensor: string, start: number, count: number): Float32Array;
  tokenize(text: string, addSpecial: boolean, parseSpecial: boolean): Int32Array;
  /** Raw UTF-8 bytes of one token (may be a part of a character). */
  tokenBytes(token: number, special: boolean): Uint8Array;
  isEndOfGeneration(token: number): boolean;
  /** −1 where the vocabulary has none */
  bos(): number;
  eos(): number;
  addBos(): boolean;
  /** False where the memory is a recurrent state (mamba and hybrids): positions cannot be cut off its end, only all forgotten. */
  keepsPositions(): boolean;
  /** @param source "" is the model's own template (ChatML where it has none). @throws Error where it cannot be parsed */
  chatTemplate(source: string): NativeChatTemplate;
  createContext(options: NativeContextOptions): NativeContext;
  /**
   * @throws Error naming what this model has that is not differentiated. `ropeContext`: the context size whose rope factors hold;
   * `keepWeights`: the transposed weights (`weights(true)` bytes) stay in memory between runs, otherwise a layer's at a time.
   */
  createGradient(options: { ropeContext: number; threads: number; keepWeights: boolean }): NativeGradient;
}

/** A loss over one sequence of T tokens at positions 0 to T − 1, without any steering but what is added here. */
export interface GradientRequest {
  /** that compute it, at most those it was created with; left out: as many */
  readonly threads?: number;
  readonly tokens: Int32Array;
  /** [rows × d] in the place of the embeddings of the tokens from `from` on, before any scale of the model */
  readonly embeddings: { readonly from: number; readonly values: Float32Array } | null;
  /** loss += weight · −log p(token | what stands up to `position`) */
  readonly tokenTerms: readonly { readonly position: number; readonly token: number; readonly weight: number }[];
  /** loss += weight · mean((x − values)²) over `rows` positions from `from` on, at resid or final; values [rows × d] */
  readonly stateTerms: readonly {
    readonly site: SiteName;
    readonly layer: number;
    readonly from: number;
    readonly rows: number;
    readonly weight: number;
    readonly values: Float32Array;
  }[];
  /** x += values at `rows` positions from `from` on; values [rows × n] */
  readonly shifts: readonly {
    readonly site: SiteName;
    readonly layer: number;
    readonly from: number;
    readonly rows: number;
    readonly values: Float32Array;
  }[];
  /** `gradient`: d(loss)/d(x), which is that of a shift there; `value`: x, shifted; `product`: of both, element by element */
  readonly wants: readonly { readonly site: SiteName; readonly layer: number; readonly what: "gradient" | "value" | "product" }[];
}

export interface GradientResult {
  readonly loss: number;
  /** of each token term, natural logarithm */
  readonly logprobs: Float32Array;
  /** [T × n] for each want */
  readonly wanted: readonly Float32Array[];
  readonly forwardMicros: number;
  readonly backwardMicros: number;
  /** processor time that this process used meanwhile */
  readonly cpuMicros: number;
}

/** One run at a time, on a thread of Node's pool. Layers are computed one by one: memory does not grow with depth. */
export interface NativeGradient {
  /** Bytes that a run takes at most, beside the weights. @throws Error on a request that cannot be run */
  estimate(request: GradientRequest): number;
  /** bytes of transposed weights: of all layers, or of the largest */
  weights(keep: boolean): number;
  /** Rejects with "cancelled" after `cancel()`. */
  run(request: GradientRequest): Promise<GradientResult>;
  cancel(): void;
  /** Gives its memory back at once. */
  close(): void;
}

export type KvType = "f32" | "f16" | "q8_0";

export interface NativeContextOptions {
  /** Total KV cells, shared by all sequences when `kvUnified`, else per sequence nCtx/nSeqMax. */
  readonly nCtx: number;
  readonly nBatch: number;
  readonly nUbatch: number;
  readonly nSeqMax: number;
  readonly kvUnified: boolean;
  readonly typeK: KvType;
  readonly typeV: KvType;
  /** "auto": where the backend has it */
  readonly flashAttention: "on" | "off" | "auto";
  /** until a decode asks for another number */
  readonly threads: number;
  /** false: layers with a sliding window keep little more than the window, and prefixes cannot be gone back to */
  readonly fullWindow: boolean;
  /** Rows of every profile table, at least 2: profile 0 is identity, the last row the native side's own; neither can be written. */
  readonly maxProfiles: number;
  /** The context size whose rope factors are taken; without it a sequence's share of nCtx. */
  readonly ropeContext?: number;
}

export interface NativeTopology {
  /** Element-wise tables: x ← x ⊙ S[p] + T[p]. A table exists only where its flag is set. */
  readonly element: readonly { site: SiteName; layer: number; scale: boolean; shift: boolean }[];
  /**
   * Direction banks: c = Vᵀx, k = add + gain·c + floorOn·relu(floor−c) − ceilOn·relu(c−ceil), x ← x + U·k;
   * where the profile's `rotate` is 1, x is then rescaled to the norm that it had before the bank.
   * V and U are column-major [n × rank] (column r is contiguous, n floats). Banks run after the element-wise edit.
   */
  readonly banks: readonly { site: SiteName; layer: number; rank: number; v: Float32Array; u: Float32Array }[];
  /** Probe read-outs c = Wᵀx of the value BEFORE any edit at that site. W is [n × count], column-major. */
  readonly probes: readonly { site: SiteName; layer: number; count: number; w: Float32Array }[];
  /** Whole sites made readable (value BEFORE the edit); copied only for tokens that ask for it. */
  readonly taps: readonly { site: SiteName; layer: number }[];
}

export interface NativeProfile {
  /** Sparse or dense: with `indices` null the arrays are dense [n]. A site not listed is identity. */
  readonly element: readonly {
    site: SiteName;
    layer: number;
    indices: Int32Array | null;
    scale: Float32Array | null;
    shift: Float32Array | null;
  }[];
  /** params: [rank × 6] rows of (add, gain, floor, floorOn, ceil, ceilOn). A bank not listed is identity. */
  readonly banks: readonly { site: SiteName; layer: number; params: Float32Array; rotate: boolean }[];
}

export interface NativeGrammar {
  readonly gbnf: string;
  readonly root: string;
  /** it applies from the first of these on (patterns of the text so far, tokens); left out: from the start */
  readonly triggers?: { readonly patterns: readonly string[]; readonly tokens: Int32Array };
  /** tokens at the prompt's end that are the beginning of what it describes */
  readonly begun?: Int32Array;
}

export interface SamplerConfig {
  readonly seed: number;
  /** 0 or less: greedy. */
  readonly temperature: number;
  readonly dynatempRange: number;
  readonly dynatempExponent: number;
  /** 0: off */
  readonly topK: number;
  /** 1: off */
  readonly topP: number;
  /** 0: off */
  readonly minP: number;
  /** 1: off */
  readonly typicalP: number;
  /** 0 or less: off */
  readonly topNSigma: number;
  readonly xtcProbability: number;
  readonly xtcThreshold: number;
  readonly repeatPenalty: number;
  readonly frequencyPenalty: number;
  readonly presencePenalty: number;
  readonly penaltyLastN: number;
  readonly dryMultiplier: number;
  readonly dryBase: number;
  readonly dryAllowedLength: number;
  readonly dryLastN: number;
  readonly drySequenceBreakers: readonly string[];
  /** 0 off, 1, 2 */
  readonly mirostat: 0 | 1 | 2;
  readonly mirostatTau: number;
  readonly mirostatEta: number;
  /** added to the logits of tokens before everything else; −Infinity bans */
  readonly logitBias: readonly { token: number; bias: number }[];
  readonly grammar: NativeGrammar | null;
  /**
   * A budget of reasoning: after `tokens` of them since `start` was written the tokens `forced` follow. `begun`: the prompt has
   * opened it.
   */
  readonly reasoning: { tokens: number; start: Int32Array; ends: readonly Int32Array[]; forced: Int32Array; begun: boolean } | null;
  /**
   * z + alpha·(z_toward − z_against), see `DecodeRequest.links`, among tokens of at least `plausibility` times the likeliest one's
   * probability and then of the likeliest that make up `topP`; acts on what grammar and bans leave, before all else
   */
  readonly contrast: { readonly alpha: number; readonly plausibility: number; readonly topP: number } | null;
  /**
   * z += Σ_k readings[k]·table[z, k] + table[z, n] of the row's own readings at the places that `placeReadings` named, among tokens of at
   * least `plausibility` times the likeliest one's probability; behind the contrast. `table` [vocabulary × (n + 1)], n = `readings`.
   */
  readonly tilt: { readonly plausibility: number; readonly readings: number; readonly table: Float32Array } | null;
  /** number of log-probabilities returned beside the chosen token (of the raw, unbiased distribution) */
  readonly topLogprobs: number;
}

/** What a row of a batch asks for. */
export const OUTPUT_NONE = 0;
export const OUTPUT_SAMPLE = 1;
/** logits row copied out (and sampled too when its sampler id is ≥ 0) */
export const OUTPUT_LOGITS = 2;

export const LINK_OWN = -1;
export const LINK_NONE = -2;
export const LINKS = 3;

export interface DecodeRequest {
  /** All arrays have length n ≤ nBatch. */
  readonly tokens: Int32Array;
  readonly positions: Int32Array;
  readonly sequences: Int32Array;
  readonly outputs: Uint8Array;
  /** sampler id per row, −1 for none; read only where outputs ≠ 0 */
  readonly samplers: Int32Array;
  /** 1: copy every tap for this token; null: none */
  readonly capture: Uint8Array | null;
  /** class index ≥ 0 of this token for the accumulators, −1 leaves it out; null: no accumulation */
  readonly classes: Int32Array | null;
  /**
   * [n × 3] further streams of each answer by their rows in this batch: toward, against, and the plain one, which is what the
   * answer's divergence is told from. LINK_OWN: the row itself; LINK_NONE. The rows linked to have an output. null: none
   */
  readonly links?: Int32Array | null;
  /** that compute it; left out: as many as the context was made with */
  readonly threads?: number;
  /**
   * The same rows will probably follow, one position on, with the tokens sampled now: their decode may begin before it is asked
   * for. Nothing shows of it but the time. Only where the cache can drop single positions (not in recurrent models).
   */
  readonly ahead?: boolean;
}

export interface Capture {
  readonly site: SiteName;
  readonly layer: number;
  readonly width: number;
  /** index into the request's arrays, one per captured token */
  readonly rows: Int32Array;
  /** [rows × width] */
  readonly data: Float32Array;
}

export interface DecodeResult {
  readonly version: number;
  /** indices into the request of the rows with outputs ≠ 0, ascending */
  readonly rows: Int32Array;
  /** sampled token per output row; −1 where no sampler was given, or where it had nothing to choose from (see logprobs) */
  readonly sampled: Int32Array;
  /**
   * log-probability of the sampled token in the raw distribution (softmax of the logits, before bias and samplers); −Infinity
   * where grammar and biases left no token, NaN where the logits are not finite
   */
  readonly logprobs: Float32Array;
  /** [rows × topCount], −1 padded; topCount is the largest topLogprobs among the samplers used */
  readonly topCount: number;
  readonly topTokens: Int32Array;
  readonly topLogprobs: Float32Array;
  /** logits of the rows with outputs = 2, in order; [count × V] */
  readonly logits: Float32Array;
  /** [n × K], K the sum of probe counts in topology order */
  readonly probes: Float32Array;
  readonly captures: readonly Capture[];
  /**
   * by output row, nats: KL of what is sampled from (the contrast, else the row's own logits; without grammar, biases, temperature
   * and truncation) from the linked plain row; NaN where none is linked; empty where none is in the batch
   */
  readonly divergences: Float64Array;
  /** wall time of llama_decode and of sampling, microseconds */
  readonly decodeMicros: number;
  readonly sampleMicros: number;
  /** processor time of this process during llama_decode, microseconds: threads × decodeMicros where nobody else took the cores */
  readonly cpuMicros: number;
  /** that computed it */
  readonly threads: number;
  /** it had begun before it was asked for, see DecodeRequest */
  readonly ahead: boolean;
}

export interface AccumulatorSpec {
  /** each must also be in the topology's taps */
  readonly sites: readonly { site: SiteName; layer: number }[];
  readonly classes: number;
  /** 0: no histogram; else bins over [low, high], out of range clamped to the edge bins */
  readonly bins: number;
  readonly low: number;
  readonly high: number;
}

export interface AccumulatorResult {
  readonly site: SiteName;
  readonly layer: number;
  readonly width: number;
  /** tokens seen per class */
  readonly tokens: Float64Array;
  /** each [classes × width] */
  readonly positive: Float64Array;
  readonly sum: Float64Array;
  readonly sumSquares: Float64Array;
  readonly max: Float32Array;
  /** running token index (over all accumulated tokens of the class) at which max was seen */
  readonly argMax: Float64Array;
  /** [classes × width × bins] or empty */
  readonly histogram: Uint32Array;
}

export interface NativeContext {
  /**
   * Replaces the topology. Staged; the next decode re-reserves. Throws on a site that is not live, naming the reason. Where the
   * memory for its tables is lacking, the next decode rejects with `staging-failed` and the topology is empty.
   */
  configure(topology: NativeTopology): number;
  /** Bytes that the tables of a topology would take, without applying it. */
  estimate(topology: NativeTopology): number;
  writeProfile(profile: number, rows: NativeProfile): number;
  /** Tokens of `sequence` at positions ≥ from use `profile` until a later binding says otherwise. A full
   *  `seqRemove(sequence, -1, -1)` drops all bindings of the sequence; unbound positions use profile 0. */
  bind(sequence: number, from: number, profile: number): number;
  seqRemove(sequence: number, from: number, to: number): number;
  seqCopy(source: number, target: number, from: number, to: number): number;
  seqShift(sequence: number, from: number, to: number, delta: number): number;
  createSampler(config: SamplerConfig): number;
  /** One that goes on as `source` would, with random numbers of its own; mirostat's state begins anew. */
  forkSampler(source: number, seed: number): number;
  /** Feed a token that was not sampled by it (prompt tokens for penalties, forced tokens for a grammar). */
  acceptTokens(sampler: number, tokens: Int32Array): void;
  /** Where the readings of a sampler's tilt stand in the rows of the decodes that are asked for from now on. */
  placeReadings(sampler: number, places: Int32Array): void;
  freeSampler(sampler: number): void;
  setAccumulators(spec: AccumulatorSpec | null): void;
  readAccumulators(): AccumulatorResult[];
  /**
   * Rejects with `Error & { code: "kv-full" | "aborted" | "decode-failed" | "staging-failed" | "closed" }`. One at a time.
   * `staging-failed`: a staged change could not be applied (all others were), and nothing was decoded.
   */
  decode(request: DecodeRequest): Promise<DecodeResult>;
  /** Number of graph builds since creation (a change of strength must not raise it). */
  graphBuilds(): number;
  /** Decodes taken up since creation: one that is among them is finished also when the context is closed. */
  decodesBegun(): number;
  /** llama.cpp's own control vector, for the bit-equality proof and peer bench: [layers−1 × d], layer 1 first. */
  setControlVector(data: Float32Array | null, layerStart: number, layerEnd: number): number;
  /** what "auto" became */
  flashAttention(): boolean;
  memory(): { kvBytes: number; computeBytes: number; steerBytes: number };
  close(): Promise<void>;
}

/** Loads the addon from the folder that holds the rebuilt libllama. Must run after node-llama-cpp loaded that library. */
export function loadNative(addonPath: string): NativeAddon {
  return createRequire(import.meta.url)(addonPath) as NativeAddon;
}
