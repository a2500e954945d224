/** The native core against an independent float64 forward pass, on a trained model where there is one. */
import assert from "node:assert/strict";
import type { NativeContext, NativeProfile, NativeTopology } from "../../daemon/engine/model/native.ts";
import { SITE_INFO, SITES, type SiteName } from "../../daemon/protocol/sites.ts";
import { storiesOrTwin } from "../support/models/twin.ts";
import { distance, forward, NOTHING, noise, type OpenModel, openNative, sequenceOf, unit } from "../support/native.ts";
import { ReferenceModel } from "../support/reference/index.ts";

const put = (x: Float64Array, i: number, value: number): void => {
  x[i] = value;
};
function each<T extends Float64Array | Int32Array>(values: T, run: (value: number, index: number) => void): void {
  for (const [index, value] of values.entries()) run(value, index);
}
/** Flash attention rounds keys, values and their weighted sums to float16, whatever the cache holds. */
const TOLERANCE = { off: 1e-4, on: 2e-3 } as const;
const DEFAULTS = 2e-3;
/** One tensor alone may be further off than the logits. */
const SITE_TOLERANCE = { off: 1e-4, on: 5e-3 } as const;

for (const flashAttention of ["off", "on"] as const)
  describe(`native core: parity with the float64 reference, flash attention ${flashAttention}`, () => {
    let open: OpenModel;
    let reference: ReferenceModel;
    let tokens: number[];
    let layers: number;
    let vocabulary: number;

    before(async () => {
      const path = storiesOrTwin();
      open = await openNative(path);
      reference = ReferenceModel.load(path);
      tokens = [...open.model.tokenize("Once upon a time there was a little dog who lived in a big house", true, false)];
      ({ layers, vocabulary } = open.model.facts());
    });
    after(async () => open?.close());

    const widthOf = (site: SiteName): number => open.model.sites().find((entry) => entry.site === site)!.width;
    const places = (site: SiteName): number[] => (SITE_INFO[site].perLayer ? Array.from({ length: layers }, (_, layer) => layer) : [0]);

    async function steered(context: NativeContext, topology: NativeTopology, profile: NativeProfile, from = 0) {
      context.seqRemove(0, -1, -1);
      context.configure(topology);
      context.writeProfile(1, profile);
      context.bind(0, from, 1);
      return forward(context, sequenceOf(tokens), vocabulary);
    }

    it("plain logits and every site at every layer", async () => {
      const context = open.context({ flashAttention });
      const all = SITES.flatMap((site) => places(site).map((layer) => ({ site, layer })));
      context.configure({ ...NOTHING, taps: all });
      const ours = await forward(context, sequenceOf(tokens), vocabulary);
      const theirs = reference.forward(tokens, { capture: all });
      assert.ok(distance(ours.logits, theirs.logits) <= TOLERANCE[flashAttention], `logits ${distance(ours.logits, theirs.logits)}`);
      for (const { site, layer } of all) {
        const key = `${site}@${layer}`;
        const difference = distance(ours.sites.get(key)!, theirs.sites.get(key)!);
        assert.ok(difference <= SITE_TOLERANCE[flashAttention], `${key}: ${difference}`);
      }
    });

    it("plain logits with the default cache", async () => {
      const ours = await forward(open.context({ typeK: "f16", typeV: "f16", flashAttention }), sequenceOf(tokens), vocabulary);
      const difference = distance(ours.logits, reference.forward(tokens).logits);
      assert.ok(difference <= DEFAULTS, `${difference}`);
    });

    for (const site of SITES) {
      it(`element-wise edits at ${site}: scale, shift, both, set, ablate`, async () => {
        const n = widthOf(site);
        const context = open.context({ flashAttention });
        const layer = SITE_INFO[site].perLayer ? 2 : 0;
        const scale = noise(n, 3).map((value) => 1 + value);
        const shift = noise(n, 4).map((value) => value * 0.3);
        const only = Int32Array.of(1, 5, n - 1);
        const pick = (values: Float32Array): Float32Array => Float32Array.from(only, (index) => values[index]!);
        const cases: { name: string; profile: NativeProfile["element"][number]; apply: (x: Float64Array) => void }[] = [
          {
            name: "scale",
            profile: { site, layer, indices: null, scale, shift: null },
            apply: (x) => each(x, (value, i) => put(x, i, value * scale[i]!)),
          },
          {
            name: "shift",
            profile: { site, layer, indices: null, scale: null, shift },
            apply: (x) => each(x, (value, i) => put(x, i, value + shift[i]!)),
          },
          {
            name: "both, sparse",
            profile: { site, layer, indices: only, scale: pick(scale), shift: pick(shift) },
            apply: (x) => each(only, (i) => put(x, i, x[i]! * scale[i]! + shift[i]!)),
          },
          {
            name: "set",
            profile: { site, layer, indices: only, scale: new Float32Array(3), shift: Float32Array.of(0.5, -0.25, 1) },
            apply: (x) => each(only, (i, k) => put(x, i, [0.5, -0.25, 1][k]!)),
          },
          {
            name: "ablate",
            profile: { site, layer, indices: only, scale: new Float32Array(3), shift: null },
            apply: (x) => each(only, (i) => put(x, i, 0)),
          },
        ];
        const plain = reference.forward(tokens).logits;
        for (const { name, profile, apply } of cases) {
          const ours = await steered(
            context,
            { ...NOTHING, element: [{ site, layer, scale: true, shift: true }] },
            { element: [profile], banks: [] },
          );
          const theirs = reference.forward(tokens, { edits: [{ site, layer, apply }] });
          const difference = distance(ours.logits, theirs.logits);
          assert.ok(difference <= TOLERANCE[flashAttention], `${name}: ${difference}`);
          assert.ok(distance(theirs.logits, plain) > 10 * TOLERANCE[flashAttention], `${name}: the edit changes the output`);
        }
      });
    }

    for (const site of ["resid", "attn.heads", "mlp.mid", "mlp.out", "final"] as const) {
      it(`direction banks at ${site}: add, scale, set, floor, ceil, rotate`, async () => {
        const n = widthOf(site);
        const layer = SITE_INFO[site].perLayer ? 3 : 0;
        const v = unit(noise(n, 7));
        const w = unit(noise(n, 8));
        const dot = (x: Float64Array): number => x.reduce((sum, value, i) => sum + value * v[i]!, 0);
        const move = (x: Float64Array, by: number): void => each(x, (value, i) => put(x, i, value + by * v[i]!));
        const at = 0.7;
        const cases: {
          name: string;
          params: number[];
          rotate?: boolean;
          apply: (x: Float64Array) => void;
          lands?: (c: number) => number;
        }[] = [
          { name: "add", params: [at, 0, 0, 0, 0, 0], apply: (x) => move(x, at) },
          { name: "scale", params: [0, 1.5, 0, 0, 0, 0], apply: (x) => move(x, 1.5 * dot(x)) },
          { name: "ablate", params: [0, -1, 0, 0, 0, 0], apply: (x) => move(x, -dot(x)), lands: () => 0 },
          { name: "set", params: [at, -1, 0, 0, 0, 0], apply: (x) => move(x, at - dot(x)), lands: () => at },
          { name: "floor", params: [0, 0, at, 1, 0, 0], apply: (x) => move(x, Math.max(0, at - dot(x))), lands: (c) => Math.max(c, at) },
          { name: "ceil", params: [0, 0, 0, 0, -at, 1], apply: (x) => move(x, -Math.max(0, dot(x) + at)), lands: (c) => Math.min(c, -at) },
          {
            name: "rotate",
            params: [3, 0, 0, 0, 0, 0],
            rotate: true,
            apply: (x) => {
              const before = Math.hypot(...x);
              move(x, 3);
              const after = Math.hypot(...x);
              each(x, (value, i) => put(x, i, (value * before) / after));
            },
          },
        ];
        const context = open.context({ flashAttention });
        // a second, idle column beside the one in use: a bank is shared by requests
        const bank = { site, layer, rank: 2, v: Float32Array.of(...v, ...w), u: Float32Array.of(...v, ...w) };
        for (const { name, params, rotate = false, apply, lands } of cases) {
          const ours = await steered(
            context,
            { ...NOTHING, banks: [bank] },
            { element: [], banks: [{ site, layer, params: Float32Array.of(...params, 0, 0, 0, 0, 0, 0), rotate }] },
          );
          const seen: [number, number][] = [];
          const theirs = reference.forward(tokens, {
            edits: [
              {
                site,
                layer,
                apply: (x) => {
                  const before = dot(x);
                  apply(x);
                  seen.push([before, dot(x)]);
                },
              },
            ],
          });
          const difference = distance(ours.logits, theirs.logits);
          assert.ok(difference <= TOLERANCE[flashAttention], `${name}: ${difference}`);
          if (lands !== undefined)
            for (const [before, after] of seen) assert.ok(Math.abs(after - lands(before)) < 1e-6, `${name}: reference lands`);
        }
      });
    }

    it("a floor lands on its target to 1e-4, read back downstream", async () => {
      const n = widthOf("resid");
      const v = unit(noise(n, 7));
      const context = open.context({ flashAttention });
      const floor = { site: "resid" as const, layer: 2, rank: 1, v, u: v };
      // the next layer's input is this layer's output: attn.add and mlp.add are ablated there, so resid@3 repeats resid@2
      context.configure({
        ...NOTHING,
        banks: [floor],
        element: [
          { site: "attn.add", layer: 3, scale: true, shift: false },
          { site: "mlp.add", layer: 3, scale: true, shift: false },
        ],
        probes: [{ site: "resid", layer: 3, count: 1, w: v }],
      });
      const zero = new Float32Array(n);
      context.writeProfile(1, {
        element: [
          { site: "attn.add", layer: 3, indices: null, scale: zero, shift: null },
          { site: "mlp.add", layer: 3, indices: null, scale: zero, shift: null },
        ],
        banks: [{ site: "resid", layer: 2, params: Float32Array.of(0, 0, 50, 1, 0, 0), rotate: false }],
      });
      context.bind(0, 0, 1);
      const { probes } = await forward(context, sequenceOf(tokens), vocabulary);
      for (const reading of probes) assert.ok(Math.abs(reading - 50) <= 50 * 1e-4, `read ${reading}`);
    });

    it("edits at several places at once, from a token on", async () => {
      const context = open.context({ flashAttention });
      const n = widthOf("mlp.mid");
      const d = widthOf("resid");
      const shift = noise(d, 11).map((value) => value * 0.2);
      const scale = noise(n, 12).map((value) => 1 + value / 2);
      const from = 6;
      const ours = await steered(
        context,
        {
          ...NOTHING,
          element: [
            { site: "resid", layer: 1, scale: false, shift: true },
            { site: "mlp.mid", layer: 4, scale: true, shift: false },
          ],
        },
        {
          element: [
            { site: "resid", layer: 1, indices: null, scale: null, shift },
            { site: "mlp.mid", layer: 4, indices: null, scale, shift: null },
          ],
          banks: [],
        },
        from,
      );
      const positions = (position: number): boolean => position >= from;
      const theirs = reference.forward(tokens, {
        edits: [
          { site: "resid", layer: 1, positions, apply: (x) => each(x, (value, i) => put(x, i, value + shift[i]!)) },
          { site: "mlp.mid", layer: 4, positions, apply: (x) => each(x, (value, i) => put(x, i, value * scale[i]!)) },
        ],
      });
      assert.ok(distance(ours.logits, theirs.logits) <= TOLERANCE[flashAttention]);
    });

    it("probes and accumulators agree with the reference", async () => {
      const context = open.context({ flashAttention });
      const n = widthOf("mlp.act");
      const w = Float32Array.of(...noise(n, 21), ...noise(n, 22));
      context.configure({ ...NOTHING, probes: [{ site: "mlp.act", layer: 1, count: 2, w }], taps: [{ site: "mlp.act", layer: 4 }] });
      context.setAccumulators({ sites: [{ site: "mlp.act", layer: 4 }], classes: 2, bins: 4, low: -1, high: 1 });
      const classes = tokens.map((_, i) => (i === 0 ? -1 : i % 2));
      const result = await context.decode({
        tokens: Int32Array.from(tokens),
        positions: Int32Array.from(tokens, (_, i) => i),
        sequences: new Int32Array(tokens.length),
        // no logits are asked for: the rows of the last layer must be kept for the tap all the same
        outputs: new Uint8Array(tokens.length),
        samplers: new Int32Array(tokens.length).fill(-1),
        capture: null,
        classes: Int32Array.from(classes),
      });
      const theirs = reference.forward(tokens, {
        capture: [
          { site: "mlp.act", layer: 1 },
          { site: "mlp.act", layer: 4 },
        ],
      }).sites;
      const probed = theirs.get("mlp.act@1")!;
      tokens.forEach((_, t) => {
        for (const k of [0, 1]) {
          const expected = probed[t]!.reduce((sum, value, i) => sum + value * w[k * n + i]!, 0);
          assert.ok(
            Math.abs(result.probes[t * 2 + k]! - expected) <= SITE_TOLERANCE[flashAttention] * Math.max(1, Math.abs(expected)),
            `probe ${k} at ${t}`,
          );
        }
      });
      const [accumulated] = context.readAccumulators();
      const rows = theirs.get("mlp.act@4")!;
      for (const c of [0, 1]) {
        const members = rows.filter((_, t) => classes[t] === c);
        assert.equal(accumulated!.tokens[c], members.length);
        for (let j = 0; j < n; j++) {
          const values = members.map((row) => row[j]!);
          const sum = values.reduce((a, b) => a + b, 0);
          assert.ok(Math.abs(accumulated!.sum[c * n + j]! - sum) < 10 * SITE_TOLERANCE[flashAttention], `sum ${c} ${j}`);
          assert.ok(
            Math.abs(accumulated!.sumSquares[c * n + j]! - values.reduce((a, b) => a + b * b, 0)) < 10 * SITE_TOLERANCE[flashAttention],
          );
          assert.ok(Math.abs(accumulated!.max[c * n + j]! - Math.max(...values)) < 10 * SITE_TOLERANCE[flashAttention]);
          assert.equal(
            Array.from({ length: 4 }, (_, b) => accumulated!.histogram[(c * n + j) * 4 + b]!).reduce((a, b) => a + b, 0),
            members.length,
          );
        }
      }
    });
  });
