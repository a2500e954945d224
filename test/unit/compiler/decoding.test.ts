import assert from "node:assert/strict";
import { ruleOf } from "../../../daemon/compiler/decoding.ts";
import { type Decoding, DecodingSchema } from "../../../daemon/protocol/decoding.ts";
import { OWN_STREAM } from "../../../daemon/protocol/engine-api.ts";

const rule = (decoding: unknown, steered = true) => ruleOf(DecodingSchema.parse(decoding) as Decoding, steered);

describe("compiler: rules of decoding", () => {
  it("computes nothing for what is off", () => {
    assert.equal(ruleOf(undefined, true), null);
    for (const off of [{}, { kl: false }, { contrast: { alpha: 0 } }, { contrast: { alpha: 0, against: { preset: "x" } }, kl: false }])
      assert.equal(rule(off), null);
  });

  it("takes a stream once, whatever it is for", () => {
    const both = rule({ contrast: {}, kl: true })!;
    assert.deepEqual(both.streams, [null]);
    assert.deepEqual(both.contrast, { alpha: 0.5, plausibility: 0.1, topP: 1, toward: OWN_STREAM, against: 0 });
    assert.equal(both.plain, 0);
    assert.equal(both.text, "contrast 0.5 × (self − plain) among tokens of at least 0.1 × the likeliest; KL to the plain model");
    const experts = rule({
      contrast: { toward: { preset: "kind" }, against: { preset: "rude" }, alpha: 2, topP: 0.9, plausibility: 0 },
      kl: true,
    })!;
    assert.deepEqual(experts.streams, ["kind", "rude", null]);
    assert.deepEqual([experts.contrast!.toward, experts.contrast!.against, experts.plain], [0, 1, 2]);
  });

  it("takes the answer's own stream for the plain model where the answer has no controls", () => {
    assert.deepEqual(rule({ kl: true }, false), {
      streams: [],
      contrast: null,
      plain: OWN_STREAM,
      best: null,
      tilt: null,
      scorers: [],
      text: "KL to the plain model",
    });
    const experts = rule({ contrast: { toward: { preset: "kind" } }, kl: true }, false)!;
    assert.deepEqual([experts.streams, experts.contrast!.against, experts.plain], [["kind"], OWN_STREAM, OWN_STREAM]);
  });

  it("refuses a contrast of a model with itself, by name", () => {
    assert.throws(() => rule({ contrast: {} }, false), /decoding\.contrast: self and plain are the same model here/);
    assert.throws(() => rule({ contrast: { toward: { preset: "a" }, against: { preset: "a" } } }), /preset a and preset a are the same/);
  });
});
