import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { checkPlans } from "../../../daemon/evaluate/receipts/check-plans.ts";
import type { Sweep } from "../../../daemon/evaluate/receipts/plans.ts";
import { testArtifact, testModel } from "../../support/compile.ts";

describe("evaluate: plans are tried before anything is generated", () => {
  const sweep = (artifact: Sweep["artifact"], layers = [1]): Sweep => ({
    control: "joy",
    rack: { controls: { joy: { use: "direction/joy", strength: 0, with: { layers } } } },
    model: testModel(),
    artifact,
  });

  it("at every strength, not only at the first", () => {
    // 1 × 1e37 is a number of float32, 1000 × 1e37 is none
    const huge = sweep(() => testArtifact("direction/joy", 0, { gap: 1e37 }));
    checkPlans({ strengths: [1] }, huge, 7);
    assert.throws(() => checkPlans({ strengths: [1, 1000] }, huge, 7), /joy/);
  });

  it("with the artifact and the layers that are named", () => {
    checkPlans(
      { strengths: [-1, 1] },
      sweep(() => testArtifact("direction/joy", 0)),
      7,
    );
    assert.throws(
      () =>
        checkPlans(
          { strengths: [1] },
          sweep(() => null),
          7,
        ),
      { code: "not-found" },
    );
    assert.throws(
      () =>
        checkPlans(
          { strengths: [1] },
          sweep(() => testArtifact("direction/joy", 0), [9]),
          7,
        ),
      /layer/,
    );
  });
});
