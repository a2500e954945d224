/** What is learnt of an architecture from its graph: which rows are kept for a reading, and which values are what their names say. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NativeSite } from "../../daemon/engine/model/native.ts";
import { ARCHITECTURES, makeModel, UNUSUAL } from "../support/models/index.ts";
import { distance, type Forward, forward, NOTHING, type OpenModel, openNative, sequenceOf } from "../support/native.ts";

/** These models are too small for two, which wait for one another. */
const ONE_THREAD = { threads: 1 };
const TOKENS = [1, 40, 99, 7, 300, 12];

/** Where attention, MLP and the residual that they enter are all known. */
function sums(sites: readonly NativeSite[], read: Forward): { layer: number; sum: Float32Array[]; resid: Float32Array[] }[] {
  const live = (site: string, layer: number) => sites.some((one) => one.site === site && one.layer === layer && one.live);
  const absent = (site: string, layer: number) =>
    sites.some((one) => one.site === site && one.layer === layer && /has no/.test(one.reason ?? ""));
  const layers = Math.max(...sites.map((one) => one.layer)) + 1;
  return Array.from({ length: layers }, (_, layer) => layer)
    .filter((layer) => layer > 0 && live("resid", layer) && live("resid", layer - 1))
    .filter((layer) => ["attn", "mlp"].every((block) => live(`${block}.add`, layer) || absent(`${block}.out`, layer)))
    .filter((layer) => ["attn", "mlp"].some((block) => live(`${block}.add`, layer)))
    .map((layer) => {
      const resid = read.sites.get(`resid@${layer}`)!;
      const terms = [`resid@${layer - 1}`, `attn.add@${layer}`, `mlp.add@${layer}`].map((place) => read.sites.get(place));
      return {
        layer,
        resid,
        sum: resid.map((row, i) => row.map((_, j) => terms.reduce((total, term) => total + (term?.[i]?.[j] ?? 0), 0))),
      };
    });
}

describe("native core: the structure of a graph", () => {
  const folder = mkdtempSync(join(tmpdir(), "tiller-structure-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const with_ = async (
    architecture: (typeof ARCHITECTURES)[number] | (typeof UNUSUAL)[number],
    use: (open: OpenModel) => Promise<void>,
  ) => {
    const open = await openNative(makeModel(join(folder, `${architecture}.gguf`), { architecture, seed: 5, size: { layers: 6 } }));
    try {
      await use(open);
    } finally {
      await open.close();
    }
  };

  for (const architecture of [...ARCHITECTURES, ...UNUSUAL.filter((name) => name !== "dots1")]) {
    it(`${architecture}: a reading of every row changes no output`, () =>
      with_(architecture, async ({ model, context }) => {
        const { vocabulary } = model.facts();
        const plain = context(ONE_THREAD);
        const expected = await forward(plain, sequenceOf(TOKENS), vocabulary, "last");
        const read = context(ONE_THREAD);
        const places = model.sites().filter(({ site, live }) => live && site !== "embd");
        read.configure({ ...NOTHING, taps: places.map(({ site, layer }) => ({ site, layer })) });
        // as many outputs as tokens, then fewer, then a token of its own: graphs of three kinds
        const every = await forward(read, sequenceOf(TOKENS, 1), vocabulary);
        const last = await forward(read, sequenceOf(TOKENS), vocabulary, "last");
        const next = await forward(read, sequenceOf([77], 0, TOKENS.length), vocabulary, "last");
        assert.equal(last.logits.length, 1);
        assert.ok(distance(last.logits, expected.logits) <= 1e-5, `${distance(last.logits, expected.logits)}`);
        assert.ok(distance(last.logits, every.logits.slice(-1)) <= 1e-5);
        const after = await forward(plain, sequenceOf([77], 0, TOKENS.length), vocabulary, "last");
        assert.ok(distance(next.logits, after.logits) <= 1e-5);
        for (const { site, layer } of places) {
          const [a, b] = [last, every].map((one) => one.sites.get(`${site}@${layer}`)!);
          assert.equal(a!.filter((row) => row !== undefined).length, TOKENS.length, `${site}@${layer}: every row is read`);
          assert.ok(distance(a!, b!) <= 1e-5, `${site}@${layer}`);
        }
      }));

    it(`${architecture}: resid(l−1) + attn.add + mlp.add = resid(l)`, () =>
      with_(architecture, async ({ model, context }) => {
        const { vocabulary } = model.facts();
        const sites = model.sites();
        const read = context(ONE_THREAD);
        read.configure({ ...NOTHING, taps: sites.filter(({ live }) => live).map(({ site, layer }) => ({ site, layer })) });
        const checked = sums(sites, await forward(read, sequenceOf(TOKENS), vocabulary));
        for (const { layer, sum, resid } of checked) assert.ok(distance(sum, resid) <= 1e-5, `layer ${layer}: ${distance(sum, resid)}`);
        const unchecked = ["mixtral", "minicpm3", "talkie", "nanbeige", "hrm_text"];
        assert.equal(checked.length > 0, !unchecked.includes(architecture), "an architecture that offers the three is checked");
      }));
  }
});
