/** The trained judges against figures that training/judges/pinned.py computed from the same weights, text by text. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadJudges } from "../../../daemon/evaluate/judges/index.ts";
import { REPOSITORY } from "../../support/shared.ts";

interface Pinned {
  readonly text: string;
  readonly language: string;
  readonly values: Readonly<Record<string, number>>;
}

/** Sums in single precision, in another order. */
const TOLERANCE = 2e-4;

describe("the trained judges", () => {
  const file = join(REPOSITORY, "test", "unit", "evaluate", "fixtures", "judges.json");
  const pinned = JSON.parse(readFileSync(file, "utf8")) as Record<string, Pinned[]>;
  const judges = loadJudges(join(REPOSITORY, "presets"));
  for (const [id, entries] of Object.entries(pinned))
    it(`give what the trainers' code gives: ${id}, ${entries.length} texts`, async () => {
      const scores = await judges.get(id)!.score(entries);
      for (const [index, { text, language, values }] of entries.entries()) {
        const score = scores[index]!;
        assert.ok(score.judged, text);
        assert.deepEqual(Object.keys(score.values).toSorted(), Object.keys(values).toSorted());
        for (const [name, value] of Object.entries(values))
          assert.ok(
            Math.abs(score.values[name]! - value) < TOLERANCE,
            `${language} ${text}: ${name} ${score.values[name]} instead of ${value}`,
          );
      }
    });
});
