/** Decoding straight through the addon: contexts of one model, their topologies and profiles, a loop of plain steps. */
import type {
  NativeContext,
  NativeContextOptions,
  NativeModel,
  NativeProfile,
  NativeTopology,
  SamplerConfig,
} from "../../daemon/engine/model/native.ts";
import type { SiteName } from "../../daemon/protocol/sites.ts";
import { NOTHING, noise, type OpenModel, openNative } from "../support/native.ts";
import { rate } from "./measure.ts";
import type { BenchContext } from "./types.ts";

/** As the engine serves by default: F16 cache, flash attention. */
const SERVING: Partial<NativeContextOptions> = {
  nCtx: 2048,
  nBatch: 512,
  nUbatch: 512,
  nSeqMax: 8,
  kvUnified: true,
  typeK: "f16",
  typeV: "f16",
  flashAttention: "on",
  maxProfiles: 16,
};

const GREEDY: SamplerConfig = {
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

/** Opens the model for the time of the work. */
export async function withNative<T>({ model, threads }: BenchContext, work: (open: Opened) => Promise<T>): Promise<T> {
  const open = await openNative(model.path);
  try {
    return await work({ model: open.model, context: (options = {}) => newContext(open, threads, options) });
  } finally {
    await open.close();
  }
}

export interface Opened {
  readonly model: NativeModel;
  context(options?: Partial<NativeContextOptions>): NativeContext;
}

function newContext(open: OpenModel, threads: number, options: Partial<NativeContextOptions>): NativeContext {
  return open.context({ ...SERVING, threads, ...options });
}

export const PROMPT = 32;

/**
 * Decodes `steps` tokens of each of `sequences` in one batch per step, after a short prompt, and returns tokens per second of
 * the steps. `bind` is called on the empty cache: bindings end with it.
 */
export async function decodeRate(context: NativeContext, sequences: number, steps: number, bind?: () => void): Promise<number> {
  for (let sequence = 0; sequence < sequences; sequence++) context.seqRemove(sequence, -1, -1);
  bind?.();
  const all = Array.from({ length: sequences }, (_, sequence) => sequence);
  await feed(
    context,
    all.flatMap((sequence) => promptRows(sequence, PROMPT)),
  );
  const samplers = Int32Array.from(all, () => context.createSampler(GREEDY));
  const request = {
    tokens: Int32Array.from(all, (sequence) => 300 + sequence),
    positions: new Int32Array(sequences).fill(PROMPT),
    sequences: Int32Array.from(all),
    outputs: new Uint8Array(sequences).fill(1),
    samplers,
    capture: null,
    classes: null,
  };
  const step = async (): Promise<void> => {
    const { sampled } = await context.decode(request);
    for (let row = 0; row < sequences; row++) {
      request.tokens[row] = sampled[row]!;
      request.positions[row]!++;
    }
  };
  // the first steps build and reserve the graph of this shape
  for (let i = 0; i < 4; i++) await step();
  const speed = await rate(sequences * steps, async () => {
    for (let i = 0; i < steps; i++) await step();
  });
  for (const sampler of samplers) context.freeSampler(sampler);
  return speed;
}

interface PromptRow {
  readonly token: number;
  readonly position: number;
  readonly sequence: number;
}

/** Ordinary tokens, beyond the special ones. */
export function promptRows(sequence: number, length: number): PromptRow[] {
  return Array.from({ length }, (_, position) => ({ token: 265 + ((position * 37 + sequence * 11) % 200), position, sequence }));
}

/** One batch without outputs but the last row's. */
export async function feed(context: NativeContext, rows: readonly PromptRow[], classes: Int32Array | null = null): Promise<void> {
  const outputs = new Uint8Array(rows.length);
  outputs[rows.length - 1] = 1;
  await context.decode({
    tokens: Int32Array.from(rows, (row) => row.token),
    positions: Int32Array.from(rows, (row) => row.position),
    sequences: Int32Array.from(rows, (row) => row.sequence),
    outputs,
    samplers: new Int32Array(rows.length).fill(-1),
    capture: null,
    classes,
  });
}

export interface Place {
  readonly site: SiteName;
  readonly layer: number;
  readonly width: number;
}

/** The places of a site in every layer. @throws Error where one is not live */
export function places(model: NativeModel, site: SiteName): Place[] {
  return model
    .sites()
    .filter((row) => row.site === site)
    .map((row) => {
      if (!row.live) throw new Error(`${site} of layer ${row.layer} is not live: ${row.reason}`);
      return { site, layer: row.layer, width: row.width };
    });
}

export interface Edit {
  readonly places: readonly Place[];
  readonly scale: boolean;
  readonly shift: boolean;
}

export interface Probes {
  readonly place: Place;
  readonly count: number;
}

export function topology(edits: readonly Edit[], probes: readonly Probes[] = []): NativeTopology {
  return {
    ...NOTHING,
    element: edits.flatMap(({ places, scale, shift }) => places.map(({ site, layer }) => ({ site, layer, scale, shift }))),
    probes: probes.map(({ place: { site, layer, width }, count }) => ({ site, layer, count, w: noise(width * count, layer + 1) })),
  };
}

/** Every value of every place touched, gently: the text may change, its numbers stay finite. */
export function profile(edits: readonly Edit[], seed: number): NativeProfile {
  return {
    element: edits.flatMap(({ places, scale, shift }) =>
      places.map(({ site, layer, width }) => ({
        site,
        layer,
        indices: null,
        scale: scale ? noise(width, seed + layer).map((value) => 1 + 0.05 * value) : null,
        shift: shift ? noise(width, seed + layer + 99).map((value) => 0.01 * value) : null,
      })),
    ),
    banks: [],
  };
}
