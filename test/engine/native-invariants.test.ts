/** What must hold to the last bit, or within the tolerances seen for llama.cpp itself. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NativeContext, NativeProfile, NativeTopology, SamplerConfig } from "../../daemon/engine/native.ts";
import { ensureModel } from "../support/models/index.ts";
import { distance, forward, NOTHING, noise, type OpenModel, openNative, type Row, sequenceOf } from "../support/native.ts";

const TOKENS = [1, 40, 99, 7, 300, 12, 55, 81, 200, 33];

describe("native core: invariants", () => {
  const folder = mkdtempSync(join(tmpdir(), "tiller-native-"));
  let exact: OpenModel;
  let quantised: OpenModel;
  let vocabulary: number;
  let width: number;
  let layers: number;

  before(async () => {
    exact = await openNative(ensureModel(join(folder, "llama.gguf"), { architecture: "llama", type: "F32", seed: 5 }));
    quantised = await openNative(ensureModel(join(folder, "llama-q8.gguf"), { architecture: "llama", type: "Q8_0", seed: 5 }));
    ({ vocabulary, width, layers } = exact.model.facts());
  });
  after(async () => {
    await exact?.close();
    await quantised?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const fresh = (context: NativeContext): void => {
    for (let sequence = 0; sequence < 16; sequence++) context.seqRemove(sequence, -1, -1);
  };
  const rack = (): NativeTopology => ({
    ...NOTHING,
    element: Array.from({ length: layers }, (_, layer) => [
      { site: "mlp.mid" as const, layer, scale: true, shift: true },
      { site: "attn.heads" as const, layer, scale: true, shift: false },
      { site: "resid" as const, layer, scale: false, shift: true },
    ]).flat(),
    banks: [{ site: "resid", layer: 1, rank: 2, v: noise(2 * width, 1), u: noise(2 * width, 2) }],
  });
  /** Steering number k, the same wherever it is used. */
  const profile = (k: number): NativeProfile => ({
    element: Array.from({ length: layers }, (_, layer) => ({
      site: "resid" as const,
      layer,
      indices: null,
      scale: null,
      shift: noise(width, 100 * k + layer).map((value) => value * 0.3),
    })),
    banks: [{ site: "resid", layer: 1, params: Float32Array.of(0.1 * k, -0.2, 0, 0, 0, 0, 0, 0, 0.3, 1, 0, 0), rotate: k % 2 === 0 }],
  });

  it("an identity profile is bit-equal to no steering", async () => {
    const plain = await forward(exact.context(), sequenceOf(TOKENS), vocabulary);
    const context = exact.context();
    context.configure(rack());
    assert.deepEqual((await forward(context, sequenceOf(TOKENS), vocabulary)).logits, plain.logits, "profile 0");
    fresh(context);
    context.writeProfile(3, { element: [], banks: [] });
    context.bind(0, 0, 3);
    assert.deepEqual((await forward(context, sequenceOf(TOKENS), vocabulary)).logits, plain.logits, "a profile with nothing in it");
  });

  it("a resid shift is bit-equal to llama.cpp's own control vector", async () => {
    const vector = noise((layers - 1) * width, 9).map((value) => value * 0.5);
    const theirs = exact.context();
    theirs.setControlVector(vector, 1, layers - 1);
    const expected = await forward(theirs, sequenceOf(TOKENS), vocabulary);
    const ours = exact.context();
    ours.configure({
      ...NOTHING,
      element: Array.from({ length: layers - 1 }, (_, i) => ({ site: "resid" as const, layer: i + 1, scale: false, shift: true })),
    });
    ours.writeProfile(1, {
      element: Array.from({ length: layers - 1 }, (_, i) => ({
        site: "resid" as const,
        layer: i + 1,
        indices: null,
        scale: null,
        shift: vector.slice(i * width, (i + 1) * width),
      })),
      banks: [],
    });
    ours.bind(0, 0, 1);
    assert.deepEqual((await forward(ours, sequenceOf(TOKENS), vocabulary)).logits, expected.logits);
    const plain = await forward(exact.context(), sequenceOf(TOKENS), vocabulary);
    assert.ok(distance(expected.logits, plain.logits) > 1e-2, "the vector does something");
  });

  for (const kvUnified of [true, false]) {
    for (const [name, options, tolerance] of [
      ["F32 cache", { typeK: "f32", typeV: "f32" }, 1e-5],
      ["default cache", { typeK: "f16", typeV: "f16" }, 2e-4],
    ] as const) {
      it(`one sequence alone equals itself among eight steered otherwise, with holes in the ids (${name}, ${kvUnified ? "unified cache" : "streams"})`, async () => {
        const sequences = [0, 1, 3, 4, 7, 9, 10, 15];
        const text = (k: number): number[] => TOKENS.map((token, i) => (token + 17 * k * (i + 1)) % vocabulary);
        const together = exact.context({ ...options, kvUnified, nCtx: 2048 });
        together.configure(rack());
        const rows: Row[] = [];
        sequences.forEach((sequence, k) => {
          together.writeProfile(k + 1, profile(k + 1));
          if (k !== 2) together.bind(sequence, 0, k + 1);
          rows.push(...sequenceOf(text(k), sequence));
        });
        // interleaved, as continuous batching makes it
        const order = rows.map((_, i) => i).sort((a, b) => (a % TOKENS.length) - (b % TOKENS.length));
        const mixed = await forward(
          together,
          order.map((i) => rows[i]!),
          vocabulary,
        );
        for (const [k, sequence] of sequences.entries()) {
          const alone = exact.context({ ...options, kvUnified, nCtx: 2048 });
          alone.configure(rack());
          alone.writeProfile(1, profile(k + 1));
          if (k !== 2) alone.bind(sequence, 0, 1);
          const expected = await forward(alone, sequenceOf(text(k), sequence), vocabulary);
          const got = TOKENS.map((_, position) => mixed.logits[order.indexOf(k * TOKENS.length + position)]!);
          const difference = distance(got, expected.logits);
          assert.ok(difference <= tolerance, `sequence ${sequence}: ${difference}`);
          await alone.close();
        }
        await together.close();
      });
    }
  }

  it("batches of one profile and of several, which are two forms of the graph, give a sequence the same bits", async () => {
    const context = exact.context();
    context.configure(rack());
    for (const k of [1, 2]) context.writeProfile(k, profile(k));
    /** Logits of sequence 0, with these profiles of sequences 0 and 1. */
    const first = async (mine: number, other: number): Promise<Float32Array[]> => {
      fresh(context);
      context.bind(0, 0, mine);
      context.bind(1, 0, other);
      const rows = [...sequenceOf(TOKENS, 0), ...sequenceOf(TOKENS.toReversed(), 1)];
      return (await forward(context, rows, vocabulary)).logits.slice(0, TOKENS.length);
    };
    const shared = await first(1, 1);
    const builds = context.graphBuilds();
    const otherShared = await first(2, 2);
    assert.equal(context.graphBuilds(), builds, "another shared profile needs no other graph");
    assert.ok(distance(shared, otherShared) > 1e-3, "the profiles differ");
    assert.deepEqual(await first(1, 2), shared);
    assert.deepEqual(await first(2, 1), otherShared);
    assert.deepEqual(await first(0, 0), await first(0, 1));
    context.writeProfile(1, profile(2));
    assert.deepEqual(await first(1, 1), otherShared, "a row that was written anew is shared anew");
  });

  it("keeps the profiles of tokens until the last layer reads them, whatever number of sequences memory was reserved for", async () => {
    const texts = [TOKENS, TOKENS.toReversed(), TOKENS.map((token) => token + 5)];
    const topology: NativeTopology = {
      ...NOTHING,
      element: [{ site: "resid", layer: layers - 2, scale: false, shift: true }],
      banks: [layers - 2, layers - 1].map((layer) => ({ site: "resid", layer, rank: 2, v: noise(2 * width, 1), u: noise(2 * width, 2) })),
    };
    const rows = (k: number): NativeProfile => ({
      element: [{ site: "resid", layer: layers - 2, indices: null, scale: null, shift: noise(width, 10 * k).map((value) => value * 0.3) }],
      banks: topology.banks.map(({ layer }) => ({
        site: "resid" as const,
        layer,
        params: Float32Array.of(0.1 * k, -0.2, 0, 0, 0, 0, 0, 0, 0.3, 1, 0, 0),
        rotate: false,
      })),
    });
    // one token of each sequence, as answers are written: 512 rows are no multiple of 3
    const write = async (sequences: readonly number[]): Promise<Float32Array[]> => {
      const context = exact.context({ nSeqMax: 3, nBatch: 512, nUbatch: 512 });
      context.configure(topology);
      for (const k of sequences) {
        context.writeProfile(k + 1, rows(k + 1));
        context.bind(k, 0, k + 1);
      }
      const last: Float32Array[] = [];
      for (let position = 0; position < TOKENS.length; position++) {
        const step = sequences.map((k) => ({ token: texts[k]![position]!, position, sequence: k }));
        last.push(...(await forward(context, step, vocabulary)).logits);
      }
      await context.close();
      return last;
    };
    const together = await write([0, 1, 2]);
    for (const k of [0, 1, 2]) {
      const alone = await write([k]);
      const mine = together.filter((_, i) => i % 3 === k);
      assert.ok(distance(mine, alone) <= 1e-5, `sequence ${k}: ${distance(mine, alone)}`);
    }
  });

  it("Q8_0 weights: within 3e-2 in a batch, and the same arg-max wherever the margin exceeds that", async () => {
    const together = quantised.context({ typeK: "f16", typeV: "f16" });
    together.configure(rack());
    const rows = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((sequence) => {
      together.writeProfile(sequence + 1, profile(sequence + 1));
      together.bind(sequence, 0, sequence + 1);
      return sequenceOf(TOKENS, sequence);
    });
    const mixed = await forward(together, rows, vocabulary);
    for (let sequence = 0; sequence < 8; sequence++) {
      const alone = quantised.context({ typeK: "f16", typeV: "f16" });
      alone.configure(rack());
      alone.writeProfile(1, profile(sequence + 1));
      alone.bind(sequence, 0, 1);
      const expected = await forward(alone, sequenceOf(TOKENS, sequence), vocabulary);
      const got = mixed.logits.slice(sequence * TOKENS.length, (sequence + 1) * TOKENS.length);
      assert.ok(distance(got, expected.logits) <= 3e-2, `sequence ${sequence}: ${distance(got, expected.logits)}`);
      got.forEach((row, i) => {
        const reference = expected.logits[i]!;
        const sorted = [...reference].sort((a, b) => b - a);
        const largest = Math.max(...reference.map(Math.abs));
        if (sorted[0]! - sorted[1]! > 2 * 3e-2 * largest) assert.equal(row.indexOf(Math.max(...row)), reference.indexOf(sorted[0]!));
      });
      await alone.close();
    }
  });

  it("a batch split into small ubatches, and a Q8_0 cache, keep edits and readings in place", async () => {
    const topology: NativeTopology = {
      ...rack(),
      taps: [
        { site: "attn.heads", layer: 1 },
        { site: "final", layer: 0 },
      ],
      probes: [{ site: "resid", layer: 2, count: 1, w: noise(width, 3) }],
    };
    const run = async (options: object) => {
      const context = exact.context(options);
      context.configure(topology);
      context.writeProfile(1, profile(1));
      context.bind(0, 4, 1);
      return forward(context, sequenceOf(TOKENS), vocabulary);
    };
    const whole = await run({});
    const split = await run({ nUbatch: 3 });
    assert.ok(distance(split.logits, whole.logits) <= 1e-5, `${distance(split.logits, whole.logits)}`);
    for (const [key, rows] of whole.sites) assert.ok(distance(split.sites.get(key)!, rows) <= 1e-5, key);
    assert.ok(distance([split.probes], [whole.probes]) <= 1e-5);
  });

  it("attn.heads is read after the rotation of a quantised V cache is undone", async () => {
    // head_dim 32: a Q8_0 cache needs whole blocks per head
    const wide = await openNative(
      ensureModel(join(folder, "wide.gguf"), { architecture: "llama", type: "F32", seed: 6, size: { heads: 2, kvHeads: 1, headDim: 32 } }),
    );
    try {
      const read = async (type: "f32" | "q8_0") => {
        const context = wide.context({ typeK: type, typeV: type, flashAttention: type === "q8_0" });
        context.configure({
          ...NOTHING,
          taps: [{ site: "attn.heads", layer: 1 }],
          element: [{ site: "attn.heads", layer: 0, scale: true, shift: false }],
        });
        context.writeProfile(1, {
          element: [{ site: "attn.heads", layer: 0, indices: Int32Array.of(0, 5), scale: Float32Array.of(3, 0), shift: null }],
          banks: [],
        });
        context.bind(0, 0, 1);
        return forward(context, sequenceOf(TOKENS), vocabulary);
      };
      const [plain, rotated] = [await read("f32"), await read("q8_0")];
      assert.ok(distance(rotated.sites.get("attn.heads@1")!, plain.sites.get("attn.heads@1")!) <= 5e-2);
      assert.ok(distance(rotated.logits, plain.logits) <= 5e-2);
    } finally {
      await wide.close();
    }
  });

  it("positions that left a sliding window can be reused while there is room", async () => {
    const sliding = await openNative(ensureModel(join(folder, "gemma3.gguf"), { architecture: "gemma3", type: "F32", seed: 7 }));
    try {
      const size = sliding.model.facts().vocabulary;
      const text = (k: number, length: number): number[] => Array.from({ length }, (_, i) => 10 + ((i * 37 + k * 101) % 200));
      const read = async (context: NativeContext, sequence: number, tokens: readonly number[], from = 0): Promise<Float32Array[]> => {
        const logits: Float32Array[] = [];
        for (let at = 0; at < tokens.length; at += 200)
          logits.push(...(await forward(context, sequenceOf(tokens.slice(at, at + 200), sequence, from + at), size)).logits);
        return logits;
      };
      const context = sliding.context();
      await read(context, 0, text(0, 250));
      await read(context, 1, text(1, 250)); // the window is 64: most of it is out of sight now
      context.seqRemove(0, -1, -1);
      await read(context, 0, text(2, 400)); // more than what was freed
      context.seqCopy(1, 2, 0, 100);
      const reused = await read(context, 2, text(3, 20), 100);
      const fresh = sliding.context();
      await read(fresh, 2, text(1, 100));
      const expected = await read(fresh, 2, text(3, 20), 100);
      assert.ok(distance(reused, expected) <= 1e-4, `${distance(reused, expected)}`);
    } finally {
      await sliding.close();
    }
  });

  it("a recycled sequence inherits no steering", async () => {
    const context = exact.context();
    const plain = await forward(context, sequenceOf(TOKENS), vocabulary);
    context.configure(rack());
    context.writeProfile(1, profile(1));
    fresh(context);
    context.bind(0, 0, 1);
    const steered = await forward(context, sequenceOf(TOKENS), vocabulary);
    assert.ok(distance(steered.logits, plain.logits) > 1e-3);
    context.seqRemove(0, -1, -1);
    assert.deepEqual((await forward(context, sequenceOf(TOKENS), vocabulary)).logits, plain.logits);
  });

  it("a change of strength rebuilds no graph, and the version says which decode ran under it", async () => {
    const context = exact.context();
    context.configure(rack());
    context.bind(0, 0, 1);
    const step = (position: number) => ({
      tokens: Int32Array.of(5),
      positions: Int32Array.of(position),
      sequences: Int32Array.of(0),
      outputs: Uint8Array.of(2),
      samplers: Int32Array.of(-1),
      capture: null,
      classes: null,
    });
    await context.decode(step(0));
    await context.decode(step(1));
    const before = context.graphBuilds();
    for (let i = 0; i < 20; i++) {
      const staged = context.writeProfile(1, profile(i));
      const { version } = await context.decode(step(2 + i));
      assert.equal(version, staged);
    }
    assert.equal(context.graphBuilds(), before);
  });

  it("decoding ahead shows in nothing but the time: changes, other tokens and other sequences in between get what they would get", async () => {
    const greedy: SamplerConfig = {
      ...{ seed: 1, temperature: 0, dynatempRange: 0, dynatempExponent: 1, topK: 0, topP: 1, minP: 0, typicalP: 1, topNSigma: -1 },
      ...{ xtcProbability: 0, xtcThreshold: 0.5, repeatPenalty: 1.1, frequencyPenalty: 0, presencePenalty: 0, penaltyLastN: 64 },
      ...{ dryMultiplier: 0, dryBase: 1.75, dryAllowedLength: 2, dryLastN: 0, drySequenceBreakers: [] },
      ...{ mirostat: 0, mirostatTau: 5, mirostatEta: 0.1, logitBias: [], grammar: null, topLogprobs: 0 },
    };
    const write = async (ahead: boolean) => {
      const context = exact.context();
      context.configure(rack());
      context.writeProfile(1, profile(1));
      context.bind(0, 0, 1);
      const samplers = [context.createSampler(greedy), context.createSampler(greedy)];
      const fed = [40, 99];
      const at = [0, 0];
      const seen: unknown[] = [];
      let done = 0;
      for (let step = 0; step < 60; step++) {
        if (step === 10) context.writeProfile(1, profile(2));
        if (step === 15) fed[0] = 7; // not what was sampled
        if (step === 25) {
          context.seqRemove(0, 12, -1);
          at[0] = 12;
        }
        if (step === 30) context.bind(0, at[0]!, 0);
        if (step === 45) context.seqCopy(0, 2, 0, at[0]!);
        const sequences = step >= 35 && step < 50 ? [0, 1] : [0];
        const result = await context.decode({
          tokens: Int32Array.from(sequences, (k) => fed[k]!),
          positions: Int32Array.from(sequences, (k) => at[k]!),
          sequences: Int32Array.from(sequences),
          outputs: new Uint8Array(sequences.length).fill(1),
          samplers: Int32Array.from(sequences, (k) => samplers[k]!),
          capture: null,
          classes: null,
          ahead,
        });
        // JavaScript is sometimes quicker than the decode that would run ahead; mostly it is given no chance to be
        if (step % 3 !== 0) await new Promise((resolve) => setTimeout(resolve, 5));
        if (result.ahead) done++;
        seen.push([result.version, [...result.sampled], [...result.logprobs]]);
        sequences.forEach((k, row) => {
          fed[k] = result.sampled[row]!;
          at[k]!++;
        });
      }
      await context.close();
      return { seen, done };
    };
    const plain = await write(false);
    const ahead = await write(true);
    assert.deepEqual(ahead.seen, plain.seen);
    assert.equal(plain.done, 0);
    assert.ok(ahead.done > 20 && ahead.done < 58, `${ahead.done} of 60 decodes had begun before they were asked for`);
  });

  it("the last layer keeps the rows that a reading needs, with no logits asked for", async () => {
    const context = exact.context();
    context.configure({ ...NOTHING, taps: [{ site: "mlp.mid", layer: layers - 1 }] });
    const { captures } = await context.decode({
      tokens: Int32Array.from(TOKENS),
      positions: Int32Array.from(TOKENS, (_, i) => i),
      sequences: new Int32Array(TOKENS.length),
      outputs: new Uint8Array(TOKENS.length),
      samplers: new Int32Array(TOKENS.length).fill(-1),
      capture: new Uint8Array(TOKENS.length).fill(1),
      classes: null,
    });
    assert.deepEqual(
      [...captures[0]!.rows],
      TOKENS.map((_, i) => i),
    );
    fresh(context);
    const all = await forward(context, sequenceOf(TOKENS), vocabulary);
    assert.deepEqual(captures[0]!.data, Float32Array.from(all.sites.get(`mlp.mid@${layers - 1}`)!.flatMap((row) => [...row])));
  });

  it("wrong input is an error with the reason, and the context lives on", async () => {
    const context = exact.context();
    assert.throws(() => context.configure({ ...NOTHING, taps: [{ site: "resid", layer: 99 }] }), /resid at layer 99.*no such place/);
    assert.throws(() => context.writeProfile(0, { element: [], banks: [] }), /profile/);
    assert.throws(() => context.bind(99, 0, 1), /sequence/);
    const one = {
      tokens: Int32Array.of(99999),
      positions: Int32Array.of(0),
      sequences: Int32Array.of(0),
      outputs: Uint8Array.of(1),
      samplers: Int32Array.of(-1),
      capture: null,
      classes: null,
    };
    await assert.rejects(async () => context.decode(one), /vocabulary/);
    await forward(context, sequenceOf(TOKENS), vocabulary);
  });
});
