/** The addon on a real model, without an engine process: for proofs of the native core. */
import { getLlama, type Llama, LlamaLogLevel, type LlamaModel } from "node-llama-cpp";
import {
  loadNative,
  type NativeContext,
  type NativeContextOptions,
  type NativeModel,
  type NativeProfile,
  type NativeTopology,
  type SamplerConfig,
} from "../../daemon/engine/model/native.ts";
import { addonPath, llamaOptions } from "../../daemon/native/paths.ts";

/** F32 cache, no flash attention: the setting in which the core must agree with the float64 reference to 1e-4. */
export const EXACT: NativeContextOptions = {
  nCtx: 1024,
  nBatch: 256,
  nUbatch: 256,
  nSeqMax: 16,
  kvUnified: true,
  typeK: "f32",
  typeV: "f32",
  flashAttention: "off",
  threads: 2,
  fullWindow: true,
  maxProfiles: 12,
};

export const GREEDY: SamplerConfig = {
  ...{ seed: 1, temperature: 0, dynatempRange: 0, dynatempExponent: 1, topK: 0, topP: 1, minP: 0, typicalP: 1, topNSigma: -1 },
  ...{ xtcProbability: 0, xtcThreshold: 0.5, repeatPenalty: 1, frequencyPenalty: 0, presencePenalty: 0, penaltyLastN: 0 },
  ...{ dryMultiplier: 0, dryBase: 1.75, dryAllowedLength: 2, dryLastN: 0, drySequenceBreakers: [] },
  ...{
    mirostat: 0,
    mirostatTau: 5,
    mirostatEta: 0.1,
    logitBias: [],
    grammar: null,
    reasoning: null,
    contrast: null,
    tilt: null,
    topLogprobs: 0,
  },
};

export const NOTHING: NativeTopology = { element: [], banks: [], probes: [], taps: [] };
export const IDENTITY: NativeProfile = { element: [], banks: [] };

export interface OpenModel {
  readonly model: NativeModel;
  context(options?: Partial<NativeContextOptions>): NativeContext;
  close(): Promise<void>;
}

/** One for the process, as in an engine: each listens to the process's end. */
let llama: Promise<Llama> | null = null;

export async function openNative(path: string): Promise<OpenModel> {
  llama ??= getLlama({ ...llamaOptions(0), logLevel: LlamaLogLevel.error });
  const owner: LlamaModel = await (await llama).loadModel({ modelPath: path, gpuLayers: 0 });
  const addon = loadNative(addonPath("cpu"));
  const model = addon.openNewest();
  const contexts: NativeContext[] = [];
  return {
    model,
    context(options = {}) {
      const context = model.createContext({ ...EXACT, ...options });
      contexts.push(context);
      return context;
    },
    async close() {
      for (const context of contexts) await context.close();
      await owner.dispose();
    },
  };
}

export interface Row {
  readonly token: number;
  readonly position: number;
  readonly sequence: number;
}

export interface Forward {
  /** [V] per row whose output was wanted, in the order given */
  readonly logits: Float32Array[];
  readonly probes: Float32Array;
  /** `${site}@${layer}` → one vector per row */
  readonly sites: Map<string, Float32Array[]>;
}

/** One decode with every tap for every row, and the logits of every row or of the last one. */
export async function forward(
  context: NativeContext,
  rows: readonly Row[],
  vocabulary: number,
  outputs: "every" | "last" = "every",
): Promise<Forward> {
  const n = rows.length;
  const result = await context.decode({
    tokens: Int32Array.from(rows, (row) => row.token),
    positions: Int32Array.from(rows, (row) => row.position),
    sequences: Int32Array.from(rows, (row) => row.sequence),
    outputs: outputs === "every" ? new Uint8Array(n).fill(2) : Uint8Array.from(rows, (_, i) => (i === n - 1 ? 2 : 0)),
    samplers: new Int32Array(n).fill(-1),
    capture: new Uint8Array(n).fill(1),
    classes: null,
  });
  const sites = new Map<string, Float32Array[]>();
  for (const { site, layer, width, rows: indices, data } of result.captures) {
    const vectors = new Array<Float32Array>(n);
    indices.forEach((row, k) => {
      vectors[row] = data.slice(k * width, (k + 1) * width);
    });
    sites.set(`${site}@${layer}`, vectors);
  }
  return {
    logits: Array.from(result.rows, (_, i) => result.logits.slice(i * vocabulary, (i + 1) * vocabulary)),
    probes: result.probes,
    sites,
  };
}

export function sequenceOf(tokens: readonly number[], sequence = 0, from = 0): Row[] {
  return tokens.map((token, i) => ({ token, position: from + i, sequence }));
}

/** Seeded values in [−1, 1). */
export function noise(length: number, seed: number): Float32Array {
  let state = (seed * 2654435761) >>> 0;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2147483648 - 1;
  });
}

export function unit(values: Float32Array): Float32Array {
  const norm = Math.hypot(...values);
  return values.map((value) => value / norm);
}

/** max|a − b| / max|b| over all rows */
export function distance(a: readonly ArrayLike<number>[], b: readonly ArrayLike<number>[]): number {
  let difference = 0;
  let largest = 0;
  a.forEach((row, i) => {
    for (let j = 0; j < row.length; j++) {
      difference = Math.max(difference, Math.abs(row[j]! - b[i]![j]!));
      largest = Math.max(largest, Math.abs(b[i]![j]!));
    }
  });
  return largest === 0 ? difference : difference / largest;
}
