/**
 * Gradients against central finite differences of the very loss, at every place; the loss and the values against what is served;
 * quantised weights against the same weights dequantised.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GradientRequest, NativeGradient } from "../../daemon/engine/model/native.ts";
import { SITE_INFO, SITES, type SiteName } from "../../daemon/protocol/sites.ts";
import { cosine, dequantised, fill, gradientOf, lossOf, RULES, tokensOf } from "../support/gradient.ts";
import { type Architecture, makeModel } from "../support/models/index.ts";
import { storiesOrTwin } from "../support/models/twin.ts";
import { distance, forward, NOTHING, noise, type OpenModel, openNative, sequenceOf } from "../support/native.ts";

/** Longer than gemma's window of 64 tokens. */
const LENGTH = 70;

interface Case {
  readonly name: string;
  readonly path: (folder: string) => string;
}
const CASES: readonly Case[] = [
  { name: "stories260K", path: storiesOrTwin },
  ...(["llama", "llama-tied", "qwen2", "qwen3", "gemma2", "gemma3", "phi3", "command-r"] as const).map((architecture) => ({
    name: architecture,
    path: (folder: string) => makeModel(join(folder, `${architecture}.gguf`), { architecture, seed: 5 }),
  })),
];

describe("native core: gradients", () => {
  const folder = mkdtempSync(join(tmpdir(), "tiller-gradient-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const { name, path } of CASES)
    describe(name, () => {
      let open: OpenModel;
      let gradient: NativeGradient;
      let base: GradientRequest;
      let places: { site: SiteName; layer: number }[];
      let layers: number;

      before(async () => {
        open = await openNative(path(folder));
        gradient = open.model.createGradient({ ropeContext: 512, threads: 1, keepWeights: true });
        layers = open.model.facts().layers;
        base = lossOf(tokensOf(open.model.facts().vocabulary, LENGTH));
        places = SITES.flatMap((site) => Array.from({ length: SITE_INFO[site].perLayer ? layers : 1 }, (_, layer) => ({ site, layer })));
      });
      after(async () => open?.close());

      it("computes what is served: loss, and the value at every place", async () => {
        const context = open.context({ ropeContext: 512 });
        context.configure({ ...NOTHING, taps: places });
        const { vocabulary } = open.model.facts();
        const served = await forward(context, sequenceOf([...base.tokens]), vocabulary);
        const ours = await gradient.run({ ...base, wants: places.map((place) => ({ ...place, what: "value" as const })) });
        const loss = base.tokenTerms.reduce((sum, { position, token, weight }) => {
          const logits = served.logits[position]!;
          const most = Math.max(...logits);
          return sum - weight * (logits[token]! - most - Math.log(logits.reduce((all, value) => all + Math.exp(value - most), 0)));
        }, 0);
        assert.ok(Math.abs(ours.loss - loss) <= 1e-3 * Math.max(1, Math.abs(loss)), `${ours.loss} against ${loss}`);
        places.forEach(({ site, layer }, i) => {
          const rows = served.sites.get(`${site}@${layer}`)!;
          const width = rows[0]!.length;
          const mine = rows.map((_, row) => ours.wanted[i]!.subarray(row * width, (row + 1) * width));
          // serving looks GELU up in a table of float16
          const bound = name.startsWith("gemma") ? 5e-3 : 2e-4;
          assert.ok(distance(mine, rows) <= bound, `${site}@${layer}: ${distance(mine, rows)}`);
        });
      });

      it("agrees with central differences at every place", async () => {
        const { wanted } = await gradient.run({ ...base, wants: places.map((place) => ({ ...place, what: "gradient" as const })) });
        // the trained model's loss on such tokens is so large that float32 rounds away what single entries do
        const check = name === "stories260K" ? along : compare;
        for (const [i, place] of places.entries()) await check(gradient, base, place, wanted[i]!);
      });

      it("agrees on a loss of states, with embeddings and shifts given", async () => {
        const width = open.model.facts().width;
        const rows = 5;
        const values = noise(rows * width, 8);
        const asked: GradientRequest = {
          ...base,
          embeddings: { from: 1, values: noise(rows * width, 3).map((value) => value * 0.3) },
          shifts: [{ site: "resid", layer: 0, from: 4, rows, values: values.map((value) => value * 0.2) }],
          tokenTerms: base.tokenTerms.slice(0, 1),
          stateTerms: [
            { site: "resid", layer: 1, from: 20, rows, weight: 0.5, values },
            { site: "final", layer: 0, from: 30, rows, weight: 0.7, values },
          ],
        };
        const some = [
          { site: "embd", layer: 0 },
          { site: "resid", layer: 0 },
          { site: "final", layer: 0 },
          { site: "mlp.mid", layer: 1 },
        ] as const;
        const { wanted } = await gradient.run({ ...asked, wants: some.map((place) => ({ ...place, what: "gradient" as const })) });
        for (const [i, place] of some.entries()) await compare(gradient, asked, place, wanted[i]!);
      });

      it("gives the product of gradient and value, and the same without kept weights", async () => {
        const place = { site: "mlp.mid", layer: 1 } as const;
        const wants = (["gradient", "value", "product"] as const).map((what) => ({ ...place, what }));
        const [slope, value, product] = (await gradient.run({ ...base, wants })).wanted as [Float32Array, Float32Array, Float32Array];
        product.forEach((one, i) => {
          assert.equal(one, Math.fround(slope[i]! * value[i]!));
        });
        const frugal = open.model.createGradient({ ropeContext: 512, threads: 2, keepWeights: false });
        assert.ok(cosine((await frugal.run({ ...base, wants })).wanted[0]!, slope) > 0.999999);
        assert.ok(frugal.weights(false) < frugal.weights(true));
        const one = await frugal.run({ ...base, wants, threads: 1 });
        assert.ok(cosine(one.wanted[0]!, slope) > 0.999999);
        assert.ok(one.cpuMicros > 0);
      });
    });

  for (const architecture of [
    "llama",
    "qwen2",
    "qwen3",
    "gemma2",
    "gemma3",
    "phi3",
    "command-r",
  ] as const satisfies readonly Architecture[])
    for (const type of ["F16", "Q8_0"] as const)
      it(`${architecture} in ${type} against the same weights in F32`, async () => {
        const quantised = makeModel(join(folder, `${architecture}-${type}.gguf`), { architecture, type, seed: 6 });
        const wants = [
          { site: "embd", layer: 0 },
          { site: "resid", layer: 1 },
          { site: "mlp.mid", layer: 0 },
        ] as const;
        const [ours, theirs] = [await gradientOf(quantised, wants), await gradientOf(await dequantised(quantised), wants)];
        ours.forEach((values, i) => {
          assert.ok(cosine(values, theirs[i]!) >= 0.98, `${wants[i]!.site}: ${cosine(values, theirs[i]!)}`);
        });
      });

  it("refuses by name what it does not differentiate", async () => {
    for (const [architecture, reason] of [["mixtral", /mixture of experts/]] as const) {
      const open = await openNative(makeModel(join(folder, `${architecture}.gguf`), { architecture }));
      try {
        assert.throws(() => open.model.createGradient({ ropeContext: 512, threads: 1, keepWeights: false }), reason);
      } finally {
        await open.close();
      }
    }
  });

  it("refuses requests that make no sense, reckons memory, and can be cancelled", async () => {
    const open = await openNative(storiesOrTwin());
    try {
      const gradient = open.model.createGradient({ ropeContext: 512, threads: 1, keepWeights: true });
      const base = lossOf(tokensOf(512, 200));
      assert.throws(() => gradient.estimate({ ...base, tokens: Int32Array.of(1, 512) }), /not in the vocabulary/);
      assert.throws(() => gradient.estimate({ ...base, tokenTerms: [] }), /no terms/);
      assert.throws(() => gradient.estimate({ ...base, tokenTerms: [{ position: 200, token: 1, weight: 1 }] }), /position 200 of 200/);
      const shift = { site: "resid", layer: 0, from: 199, rows: 2, values: new Float32Array(128) } as const;
      assert.throws(() => gradient.estimate({ ...base, shifts: [shift] }), /resid at layer 0: positions 199 to 200/);
      assert.throws(() => gradient.estimate({ ...base, wants: [{ site: "resid", layer: 5, what: "value" }] }), /no such place/);
      const wants = [{ site: "embd", layer: 0, what: "gradient" }] as const;
      const short = gradient.estimate({ ...lossOf(tokensOf(512, 50)), wants });
      const long = gradient.estimate({ ...base, wants });
      // attention grows with the square of the length, the rest with the length
      assert.ok(long > 4 * short && long < 16 * short, `${short} and ${long} bytes`);
      const running = gradient.run({ ...base, wants });
      assert.throws(() => gradient.estimate(base), /being computed/);
      gradient.cancel();
      await assert.rejects(running, /cancelled/);
      await gradient.run({ ...base, wants });
    } finally {
      await open.close();
    }
  });
});

/** The loss along the gradient itself rises by the gradient's norm. */
async function along(
  gradient: NativeGradient,
  base: GradientRequest,
  place: { site: SiteName; layer: number },
  slope: Float32Array,
): Promise<void> {
  const norm = Math.sqrt(slope.reduce((sum, value) => sum + value * value, 0));
  const central = async (rise: number): Promise<number> => {
    const lossAt = async (sign: number): Promise<number> => {
      const values = slope.map((value) => (sign * rise * value) / norm ** 2);
      return (await gradient.run({ ...base, shifts: [...base.shifts, { ...place, from: 0, rows: base.tokens.length, values }] })).loss;
    };
    return ((await lossAt(1)) - (await lossAt(-1))) / ((2 * rise) / norm);
  };
  const expected = (4 * (await central(RULES.rise / 2)) - (await central(RULES.rise))) / 3;
  assert.ok(Math.abs(norm - expected) <= 1e-2 * norm, `${place.site}@${place.layer}: ${norm} against ${expected}`);
}

/** Entries drawn from the largest 90 % of a place's gradient, each within 1 % and what float32 rounds the loss by. */
async function compare(
  gradient: NativeGradient,
  base: GradientRequest,
  place: { site: SiteName; layer: number },
  slope: Float32Array,
): Promise<void> {
  const width = slope.length / base.tokens.length;
  const value = (await gradient.run({ ...base, wants: [{ ...place, what: "value" }] })).wanted[0]!;
  const ordered = [...slope.keys()].sort((a, b) => Math.abs(slope[b]!) - Math.abs(slope[a]!)).filter((i) => slope[i] !== 0);
  assert.ok(ordered.length > 0, `${place.site}@${place.layer}: nothing moves the loss`);
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let n = 0; n < RULES.entries; n++) {
    const at = ordered[Math.floor(((n + 0.5) / RULES.entries) * 0.9 * ordered.length)]!;
    const row = Math.floor(at / width);
    const lossAt = async (step: number): Promise<number> => {
      const shift = { ...place, from: row, rows: 1, values: fill(width, at % width, step) };
      return (await gradient.run({ ...base, shifts: [...base.shifts, shift] })).loss;
    };
    const central = async (step: number): Promise<number> => ((await lossAt(step)) - (await lossAt(-step))) / (2 * step);
    // of the row's own size: the first position's may be a hundred times the others'
    const own = value.subarray(row * width, (row + 1) * width);
    const step = RULES.step * Math.sqrt(own.reduce((sum, x) => sum + x * x, 0) / width);
    // Richardson: what the third derivative adds goes
    const expected = (4 * (await central(step / 2)) - (await central(step))) / 3;
    const error = Math.abs(slope[at]! - expected);
    assert.ok(
      error <= 1e-2 * Math.abs(slope[at]!) + RULES.rounding / step,
      `${place.site}@${place.layer}[${at}]: ${slope[at]} against ${expected}`,
    );
    ours.push(slope[at]!);
    theirs.push(expected);
  }
  // so that no place passes by rounding alone
  assert.ok(cosine(ours, theirs) > 0.998, `${place.site}@${place.layer}: ${ours.join()} against ${theirs.join()}`);
}
