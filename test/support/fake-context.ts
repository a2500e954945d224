/**
 * A native context without a model, for tests of the loop: it keeps exactly the state that the real one keeps (tokens per
 * sequence, profiles, bindings) and "predicts" from a hash of it, so that a wrong prefix, position or profile changes the
 * tokens. It refuses what the real one would refuse.
 */
import type {
  DecodeRequest,
  DecodeResult,
  NativeContext,
  NativeProfile,
  NativeTopology,
  SamplerConfig,
} from "../../daemon/engine/model/native.ts";

interface Cell {
  readonly token: number;
  readonly profile: string;
}

export const FAKE_VOCABULARY = 97;

export class FakeContext implements NativeContext {
  readonly batches: { readonly rows: number; readonly sequences: number[]; ahead: boolean }[] = [];
  builds = 0;
  /** of a decode, for each of its rows and at least once */
  rowMicros = 12.5;
  sampleMicros = 1;
  /** rows fed in all */
  fed = 0;
  readonly #cells = new Map<number, Cell[]>();
  readonly #bindings = new Map<number, { from: number; profile: number }[]>();
  readonly #profiles = new Map<number, string>();
  readonly #samplers = new Map<number, SamplerConfig>();
  #topology: NativeTopology = { element: [], banks: [], probes: [], taps: [] };
  #version = 0;
  #nextSampler = 0;
  #decoding = false;
  #begun = 0;
  failNext: string | null = null;

  configure(topology: NativeTopology): number {
    this.#topology = topology;
    this.#profiles.clear();
    this.builds++;
    return ++this.#version;
  }
  estimate(): number {
    return 0;
  }
  writeProfile(profile: number, rows: NativeProfile): number {
    for (const edit of rows.element)
      if (!this.#topology.element.some((place) => place.site === edit.site && place.layer === edit.layer)) throw new Error("no such table");
    const text = JSON.stringify([
      rows.element,
      rows.banks.map((bank) => [bank.site, bank.layer, [...bank.params].filter((value) => value !== 0)]),
    ]);
    this.#profiles.set(profile, text);
    return ++this.#version;
  }
  bind(sequence: number, from: number, profile: number): number {
    const list = (this.#bindings.get(sequence) ?? []).filter((binding) => binding.from < from);
    this.#bindings.set(sequence, [...list, { from, profile }]);
    return ++this.#version;
  }
  seqRemove(sequence: number, from: number): number {
    if (from <= 0) this.#bindings.delete(sequence);
    this.#cells.set(sequence, (this.#cells.get(sequence) ?? []).slice(0, Math.max(from, 0)));
    return ++this.#version;
  }
  seqCopy(source: number, target: number, from: number, to: number): number {
    this.#cells.set(target, (this.#cells.get(source) ?? []).slice(from, to));
    return ++this.#version;
  }
  seqShift(): number {
    return ++this.#version;
  }
  createSampler(config: SamplerConfig): number {
    this.#samplers.set(this.#nextSampler, config);
    return this.#nextSampler++;
  }
  forkSampler(source: number): number {
    return this.createSampler(this.#samplers.get(source)!);
  }
  acceptTokens(): void {}
  placeReadings(): void {}

  freeSampler(sampler: number): void {
    this.#samplers.delete(sampler);
  }
  get samplers(): number {
    return this.#samplers.size;
  }
  setAccumulators(): void {}
  readAccumulators(): [] {
    return [];
  }

  async decode(request: DecodeRequest): Promise<DecodeResult> {
    if (this.#decoding) throw new Error("two decodes at once");
    this.#decoding = true;
    this.#begun++;
    const version = this.#version;
    const n = request.tokens.length;
    const rows: number[] = [];
    const sampled: number[] = [];
    const logits: number[] = [];
    const failure = this.failNext;
    this.failNext = null;
    this.batches.push({ rows: n, sequences: [...new Set(request.sequences)], ahead: request.ahead === true });
    this.fed += n;
    for (let i = 0; i < n; i++) {
      const sequence = request.sequences[i]!;
      const cells = this.#cells.get(sequence) ?? [];
      if (cells.length !== request.positions[i])
        throw new Error(`sequence ${sequence}: position ${request.positions[i]} after ${cells.length}`);
      const profile = this.#bindings.get(sequence)?.findLast((binding) => binding.from <= cells.length)?.profile ?? 0;
      const content = profile === 0 ? "" : this.#profiles.get(profile);
      if (content === undefined) throw new Error(`profile ${profile} was not written`);
      this.#cells.set(sequence, [...cells, { token: request.tokens[i]!, profile: content }]);
      if (request.outputs[i] === 0) continue;
      rows.push(i);
      sampled.push(request.samplers[i]! < 0 ? -1 : predict(this.#cells.get(sequence)!));
      if (request.outputs[i] === 2) logits.push(...row(this.#cells.get(sequence)!));
    }
    const total = this.#topology.probes.reduce((sum, group) => sum + group.count, 0);
    const probes = Float32Array.from({ length: n * total }, (_, i) => request.tokens[Math.floor(i / total)]!);
    const captures = this.#topology.taps.map((tap) => {
      const chosen = Array.from({ length: n }, (_, i) => i).filter((i) => request.capture?.[i] === 1);
      return {
        ...tap,
        width: 2,
        rows: Int32Array.from(chosen),
        data: Float32Array.from(chosen.flatMap((i) => [request.tokens[i]!, -tap.layer])),
      };
    });
    await new Promise((resolve) => setImmediate(resolve));
    this.#decoding = false;
    if (failure !== null) throw Object.assign(new Error(failure), { code: failure });
    return {
      ...{ version, rows: Int32Array.from(rows), sampled: Int32Array.from(sampled), logprobs: new Float32Array(rows.length).fill(-1) },
      ...{
        topCount: 0,
        topTokens: new Int32Array(0),
        topLogprobs: new Float32Array(0),
        logits: Float32Array.from(logits),
        probes,
        captures,
      },
      ...{ decodeMicros: Math.max(8, n) * this.rowMicros, sampleMicros: this.sampleMicros },
      ahead: false,
      cpuMicros: 0,
      threads: 1,
      divergences: new Float64Array(0),
    };
  }
  flashAttention(): boolean {
    return false;
  }
  decodesBegun(): number {
    return this.#begun;
  }

  graphBuilds(): number {
    return this.builds;
  }
  setControlVector(): number {
    return ++this.#version;
  }
  memory(): { kvBytes: number; computeBytes: number; steerBytes: number } {
    return { kvBytes: 0, computeBytes: 0, steerBytes: 0 };
  }
  async close(): Promise<void> {}
}

function hash(cells: readonly Cell[]): number {
  let value = 7;
  for (const { token, profile } of cells) {
    value = (Math.imul(value, 31) + token) | 0;
    for (let i = 0; i < profile.length; i++) value = (Math.imul(value, 31) + profile.charCodeAt(i)) | 0;
  }
  return value >>> 0;
}

/** Never token 0, which ends an answer. */
export function predict(cells: readonly Cell[]): number {
  return 1 + (hash(cells) % (FAKE_VOCABULARY - 1));
}

function row(cells: readonly Cell[]): number[] {
  const seed = hash(cells);
  return Array.from({ length: FAKE_VOCABULARY }, (_, i) => ((seed ^ Math.imul(i, 2654435761)) >>> 0) / 2 ** 32);
}
