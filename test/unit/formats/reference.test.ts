import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SITE_INFO, SITES } from "../../../daemon/protocol/sites.ts";
import { makeModel } from "../../support/models/index.ts";
import { maxRelative, ReferenceModel } from "../../support/reference/index.ts";

const TOKENS = [1, 300, 301, 302, 303, 40];

describe("the reference forward pass", () => {
  let folder: string;
  let model: ReferenceModel;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tiller-reference-"));
    model = ReferenceModel.load(makeModel(join(folder, "llama.gguf"), { architecture: "llama" }));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("is causal: later tokens change nothing before them", () => {
    const whole = model.forward(TOKENS).logits;
    const part = model.forward(TOKENS.slice(0, 4)).logits;
    for (const [t, logits] of part.entries()) assert.deepEqual(logits, whole[t]);
  });

  it("knows tied heads and quantised weights", () => {
    const tied = ReferenceModel.load(makeModel(join(folder, "tied.gguf"), { architecture: "llama-tied" }));
    assert.equal(tied.facts.tied, true);
    assert.equal(tied.forward(TOKENS).logits[0]!.length, 512);
    const quantised = ReferenceModel.load(makeModel(join(folder, "q8.gguf"), { architecture: "llama", type: "Q8_0" }));
    const distance = maxRelative(quantised.forward(TOKENS).logits[5]!, model.forward(TOKENS).logits[5]!);
    assert.ok(distance > 1e-4 && distance < 0.1, `${distance}`);
  });

  it("refuses other architectures", () => {
    const path = makeModel(join(folder, "qwen2.gguf"), { architecture: "qwen2" });
    assert.throws(() => ReferenceModel.load(path), /llama/);
    assert.throws(() => model.forward([512]), RangeError);
    assert.throws(() => model.forward(TOKENS, { capture: [{ site: "resid", layer: 3 }] }), RangeError);
    assert.throws(() => model.forward(TOKENS, { capture: [{ site: "final", layer: 1 }] }), RangeError);
  });

  for (const site of SITES) {
    it(`${site}: captured before its edit, live, and only from the edited position on`, () => {
      const layer = SITE_INFO[site].perLayer ? 1 : 0;
      const key = `${site}@${layer}`;
      const plain = model.forward(TOKENS, { capture: [{ site, layer }] });
      const width = { model: 64, heads: 64, mlp: 160 }[SITE_INFO[site].width];
      assert.deepEqual(
        plain.sites.get(key)!.map((x) => x.length),
        TOKENS.map(() => width),
      );
      const edited = model.forward(TOKENS, {
        capture: [{ site, layer }],
        edits: [{ site, layer, positions: (position) => position === 3, apply: (x) => x.set(x.map((value) => value * 1.5 + 0.1)) }],
      });
      assert.deepEqual(edited.sites.get(key)![3], plain.sites.get(key)![3]);
      for (let t = 0; t < 3; t++) assert.deepEqual(edited.logits[t], plain.logits[t]);
      assert.ok(maxRelative(edited.logits[3]!, plain.logits[3]!) > 1e-4);
    });
  }

  it("edits feed what comes after them: zeroed activations leave nothing to add", () => {
    const { sites } = model.forward(TOKENS, {
      edits: [{ site: "mlp.act", layer: 0, apply: (x) => x.fill(0) }],
      capture: [
        { site: "mlp.act", layer: 0 },
        { site: "mlp.mid", layer: 0 },
        { site: "mlp.add", layer: 0 },
      ],
    });
    assert.ok(sites.get("mlp.act@0")![0]!.some((value) => value !== 0));
    for (const key of ["mlp.mid@0", "mlp.add@0"]) assert.ok(sites.get(key)!.every((x) => x.every((value) => value === 0)));
  });

  it("edits at one site run in the order given", () => {
    const double = { site: "resid", layer: 2, apply: (x: Float64Array) => x.set(x.map((value) => value * 2)) } as const;
    const shift = { site: "resid", layer: 2, apply: (x: Float64Array) => x.set(x.map((value, i) => value + i)) } as const;
    const a = model.forward(TOKENS, { edits: [double, shift] }).logits[0]!;
    const b = model.forward(TOKENS, { edits: [shift, double] }).logits[0]!;
    assert.ok(maxRelative(a, b) > 1e-3);
  });

  it("measures distance against the largest value, and NaN as infinitely far", () => {
    assert.equal(maxRelative([1, 2], [1, 4]), 0.5);
    assert.equal(maxRelative([], []), 0);
    assert.equal(maxRelative([Number.NaN], [1]), Number.POSITIVE_INFINITY);
    assert.equal(maxRelative([1], [1, 2]), Number.POSITIVE_INFINITY);
  });
});
