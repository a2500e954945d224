/** What becomes of sequences from step to step: recycled, copied, steered anew, decoded ahead; nothing of it may show in the values. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type {
  NativeContext,
  NativeContextOptions,
  NativeProfile,
  NativeTopology,
  SamplerConfig,
} from "../../daemon/engine/model/native.ts";
import { ensureModel } from "../support/models/index.ts";
import { distance, forward, GREEDY, NOTHING, noise, type OpenModel, openNative, sequenceOf } from "../support/native.ts";
import { fresh, profileOf, rackOf, TOKENS } from "../support/native-rack.ts";

for (const kvUnified of [true, false])
  describe(`native core: sequences over time (${kvUnified ? "one cache for all" : "a stream for each"})`, () => {
    const folder = mkdtempSync(join(tmpdir(), "tiller-native-"));
    let exact: OpenModel;
    let vocabulary: number;
    let width: number;
    let layers: number;

    before(async () => {
      exact = await openNative(ensureModel(join(folder, "llama.gguf"), { architecture: "llama", type: "F32", seed: 5 }));
      ({ vocabulary, width, layers } = exact.model.facts());
    });
    after(async () => {
      await exact?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const open = (model: OpenModel, options: Partial<NativeContextOptions> = {}): NativeContext =>
      model.context({ kvUnified, nCtx: kvUnified ? 1024 : 16 * 512, ...options });
    const rack = (): NativeTopology => rackOf(layers, width);
    const profile = (k: number): NativeProfile => profileOf(k, layers, width);

    it("keeps the profiles of tokens until the last layer reads them, whatever number of sequences memory was reserved for", async () => {
      const texts = [TOKENS, TOKENS.toReversed(), TOKENS.map((token) => token + 5)];
      const topology: NativeTopology = {
        ...NOTHING,
        element: [{ site: "resid", layer: layers - 2, scale: false, shift: true }],
        banks: [layers - 2, layers - 1].map((layer) => ({ site: "resid", layer, rank: 2, v: noise(2 * width, 1), u: noise(2 * width, 2) })),
      };
      const rows = (k: number): NativeProfile => ({
        element: [
          { site: "resid", layer: layers - 2, indices: null, scale: null, shift: noise(width, 10 * k).map((value) => value * 0.3) },
        ],
        banks: topology.banks.map(({ layer }) => ({
          site: "resid" as const,
          layer,
          params: Float32Array.of(0.1 * k, -0.2, 0, 0, 0, 0, 0, 0, 0.3, 1, 0, 0),
          rotate: false,
        })),
      });
      // one token of each sequence, as answers are written: 512 rows are no multiple of 3
      const write = async (sequences: readonly number[]): Promise<Float32Array[]> => {
        const context = open(exact, { nSeqMax: 3, nBatch: 512, nUbatch: 512 });
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
        const context = open(sliding);
        await read(context, 0, text(0, 250));
        await read(context, 1, text(1, 250)); // the window is 64: most of it is out of sight now
        context.seqRemove(0, -1, -1);
        await read(context, 0, text(2, 400)); // more than what was freed
        // steps of others, between which 1 lies idle with more positions than its window
        for (let position = 0; position < 3; position++) {
          const others = [2, 3, 4, 5].map((sequence) => ({ token: 12, position, sequence }));
          await forward(context, [{ token: 11, position: 400 + position, sequence: 0 }, ...others], size);
        }
        for (const sequence of [2, 3, 4, 5]) context.seqRemove(sequence, -1, -1);
        context.seqCopy(1, 2, 0, 100);
        const reused = await read(context, 2, text(3, 20), 100);
        const fresh = open(sliding);
        await read(fresh, 2, text(1, 100));
        const expected = await read(fresh, 2, text(3, 20), 100);
        assert.ok(distance(reused, expected) <= 1e-4, `${distance(reused, expected)}`);
      } finally {
        await sliding.close();
      }
    });

    it("a recycled sequence inherits no steering", async () => {
      const context = open(exact);
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

    it("an idle sequence between answering ones keeps what it holds, its steering and room", async () => {
      const all = [0, 1, 2, 3, 4, 5, 6, 7, 8];
      const on = all.filter((sequence) => sequence !== 4);
      const bound = (sequence: number): number => (sequence === 4 ? 2 : 1 + (sequence % 2) * 2);
      const context = open(exact);
      context.configure(rack());
      for (const k of [1, 2, 3]) context.writeProfile(k, profile(k));
      for (const sequence of all) context.bind(sequence, 0, bound(sequence));
      const text = (k: number): number[] => TOKENS.map((token, i) => (token + 29 * k * (i + 1)) % vocabulary);
      const got = new Map<number, Float32Array[]>(all.map((sequence) => [sequence, []]));
      /** These positions of each: one of an answer, several of a prompt. */
      const step = async (parts: readonly { readonly sequence: number; readonly from: number; readonly to: number }[]): Promise<void> => {
        const rows = parts.flatMap(({ sequence, from, to }) => sequenceOf(text(sequence).slice(from, to), sequence, from));
        const { logits } = await forward(context, rows, vocabulary);
        for (const [i, { sequence }] of rows.entries()) got.get(sequence)!.push(logits[i]!);
      };
      const one = (sequences: readonly number[], position: number) =>
        step(sequences.map((sequence) => ({ sequence, from: position, to: position + 1 })));
      for (let position = 0; position < 3; position++) await one(all, position);
      for (let position = 3; position < 7; position++) await one(on, position);
      await step(on.map((sequence) => ({ sequence, from: 7, to: sequence === 8 ? 10 : 8 })));
      for (let position = 3; position < 8; position++) await one([4], position);
      await context.close();
      for (const sequence of all) {
        const alone = open(exact);
        alone.configure(rack());
        alone.writeProfile(1, profile(bound(sequence)));
        alone.bind(0, 0, 1);
        const mine = got.get(sequence)!;
        const expected = await forward(alone, sequenceOf(text(sequence).slice(0, mine.length)), vocabulary);
        const difference = distance(mine, expected.logits);
        assert.ok(difference <= 1e-5, `sequence ${sequence}: ${difference}`);
        await alone.close();
      }
    });

    it("a copy holds the positions that were asked for and no others", async () => {
      const context = open(exact);
      const other = TOKENS.toReversed();
      await forward(context, sequenceOf(other, 5), vocabulary);
      await forward(context, sequenceOf(TOKENS, 1), vocabulary);
      context.seqRemove(5, -1, -1);
      context.seqCopy(1, 5, 0, 4);
      const copied = await forward(context, sequenceOf(other.slice(0, 5), 5, 4), vocabulary);
      const expected = await forward(open(exact), sequenceOf([...TOKENS.slice(0, 4), ...other.slice(0, 5)]), vocabulary);
      assert.ok(distance(copied.logits, expected.logits.slice(4)) <= 1e-5);
      // the original goes on as if nothing had been copied
      const on = await forward(context, sequenceOf([7], 1, TOKENS.length), vocabulary);
      const whole = await forward(open(exact), sequenceOf([...TOKENS, 7]), vocabulary);
      assert.ok(distance(on.logits, whole.logits.slice(-1)) <= 1e-5);
    });

    it("taps give each row its own values", async () => {
      const context = open(exact);
      context.configure({ ...NOTHING, taps: [{ site: "resid", layer: 1 }] });
      const rows = [...sequenceOf(TOKENS, 0), ...sequenceOf(TOKENS.toReversed().slice(0, 3), 2), ...sequenceOf([9], 3)];
      const together = await forward(context, rows, vocabulary);
      const at = (from: number, to: number) => together.sites.get("resid@1")!.slice(from, to);
      for (const [tokens, from] of [
        [TOKENS, 0],
        [TOKENS.toReversed().slice(0, 3), TOKENS.length],
        [[9], TOKENS.length + 3],
      ] as const) {
        const alone = open(exact);
        alone.configure({ ...NOTHING, taps: [{ site: "resid", layer: 1 }] });
        const expected = await forward(alone, sequenceOf(tokens), vocabulary);
        assert.ok(distance(at(from, from + tokens.length), expected.sites.get("resid@1")!) <= 1e-5);
        await alone.close();
      }
    });

    it("a change of strength rebuilds no graph, and the version says which decode ran under it", async () => {
      const context = open(exact);
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
      const greedy: SamplerConfig = { ...GREEDY, repeatPenalty: 1.1, penaltyLastN: 64 };
      const write = async (ahead: boolean) => {
        const context = open(exact);
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
      assert.ok(ahead.done > 0 && ahead.done < 58, `${ahead.done} of 60 decodes had begun before they were asked for`);
    });

    it("a change that comes after a request leaves what was decoded ahead for it, and holds from the next one on", async () => {
      const write = async (ahead: boolean) => {
        const context = open(exact);
        context.configure(rack());
        context.writeProfile(1, profile(1));
        context.writeProfile(2, profile(2));
        context.bind(0, 0, 1);
        const sampler = context.createSampler(GREEDY);
        const seen: unknown[] = [];
        let done = 0;
        let token = 40;
        for (let at = 0; at < 60; at++) {
          const one = { tokens: Int32Array.of(token), positions: Int32Array.of(at), sequences: Int32Array.of(0) };
          const rest = { outputs: Uint8Array.of(1), samplers: Int32Array.of(sampler), capture: null, classes: null };
          const decoding = context.decode({ ...one, ...rest, ahead });
          if (at % 2 === 1) context.bind(0, at + 1, at % 4 === 1 ? 2 : 1);
          const result = await decoding;
          await new Promise((resolve) => setTimeout(resolve, 5));
          if (result.ahead && at % 2 === 1) done++;
          seen.push([[...result.sampled], [...result.logprobs]]);
          token = result.sampled[0]!;
        }
        await context.close();
        return { seen, done };
      };
      const plain = await write(false);
      const ahead = await write(true);
      assert.deepEqual(ahead.seen, plain.seen);
      assert.ok(ahead.done > 0, "a change came after each of these requests, and each was decoded anew");
    });
  });
