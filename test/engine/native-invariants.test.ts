/** What must hold to the last bit, or within the tolerances seen for llama.cpp itself. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NativeProfile, NativeTopology } from "../../daemon/engine/model/native.ts";
import { ensureModel } from "../support/models/index.ts";
import { distance, forward, NOTHING, noise, type OpenModel, openNative, type Row, sequenceOf } from "../support/native.ts";
import { fresh, profileOf, rackOf, TOKENS } from "../support/native-rack.ts";

/** The open model whose contexts have this attention unless one is told otherwise. */
function attending(open: OpenModel, flashAttention: "on" | "off"): OpenModel {
  return { ...open, context: (options = {}) => open.context({ flashAttention, ...options }) };
}

for (const flashAttention of ["off", "on"] as const)
  describe(`native core: invariants, flash attention ${flashAttention}`, () => {
    const folder = mkdtempSync(join(tmpdir(), "tiller-native-"));
    let exact: OpenModel;
    let quantised: OpenModel;
    let vocabulary: number;
    let width: number;
    let layers: number;

    before(async () => {
      const file = (name: string, type: "F32" | "Q8_0"): string =>
        ensureModel(join(folder, name), { architecture: "llama", type, seed: 5 });
      exact = attending(await openNative(file("llama.gguf", "F32")), flashAttention);
      quantised = attending(await openNative(file("llama-q8.gguf", "Q8_0")), flashAttention);
      ({ vocabulary, width, layers } = exact.model.facts());
    });
    after(async () => {
      await exact?.close();
      await quantised?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const rack = (): NativeTopology => rackOf(layers, width);
    const profile = (k: number): NativeProfile => profileOf(k, layers, width);

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

    // In one cache for all, flash attention takes another path for many rows than for a few, 4e-3 apart: the engine serves streams.
    for (const kvUnified of flashAttention === "on" ? [false] : [true, false]) {
      for (const [name, options, close] of [
        ["F32 cache", { typeK: "f32", typeV: "f32" }, { off: 1e-5, on: 6e-5 }],
        ["default cache", { typeK: "f16", typeV: "f16" }, { off: 2e-4, on: 2e-4 }],
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
            assert.ok(difference <= close[flashAttention], `sequence ${sequence}: ${difference}`);
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

    it("Q8_0 weights: within 3e-2 in a batch, and the same arg-max wherever the margin exceeds that", async () => {
      const together = quantised.context({ typeK: "f16", typeV: "f16", kvUnified: false });
      together.configure(rack());
      const rows = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((sequence) => {
        together.writeProfile(sequence + 1, profile(sequence + 1));
        together.bind(sequence, 0, sequence + 1);
        return sequenceOf(TOKENS, sequence);
      });
      const mixed = await forward(together, rows, vocabulary);
      for (let sequence = 0; sequence < 8; sequence++) {
        const alone = quantised.context({ typeK: "f16", typeV: "f16", kvUnified: false });
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
        ensureModel(join(folder, "wide.gguf"), {
          architecture: "llama",
          type: "F32",
          seed: 6,
          size: { heads: 2, kvHeads: 1, headDim: 32 },
        }),
      );
      try {
        const read = async (type: "f32" | "q8_0") => {
          const context = wide.context({ typeK: type, typeV: type, flashAttention: type === "q8_0" ? "on" : "off" });
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
