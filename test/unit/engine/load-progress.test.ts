import assert from "node:assert/strict";
import { LoadProgress } from "../../../daemon/engine/model/load-progress.ts";

function record(steps: (progress: LoadProgress, wait: (ms: number) => void) => void): number[] {
  const told: number[] = [];
  let now = 0;
  const progress = new LoadProgress(
    (fraction) => told.push(fraction),
    () => now,
  );
  steps(progress, (ms) => {
    now += ms;
  });
  return told;
}

describe("the progress of a load", () => {
  it("ends with 1 whatever llama.cpp said last, and says nothing after it", () => {
    for (const last of [[], [0.4], [1 - 2 ** -53], [1], [0.4, 1]]) {
      const told = record((progress, wait) => {
        for (const fraction of last) {
          progress.of(fraction);
          wait(1000);
        }
        progress.end();
        wait(1000);
        progress.of(0.99);
        progress.of(1);
      });
      assert.deepEqual(told, [...last.filter((fraction) => fraction < 1), 1]);
    }
  });

  it("speaks at most every 50 ms and never goes back", () => {
    const told = record((progress, wait) => {
      for (const fraction of [0.1, 0.2, 0.3, Number.NaN, 0.25, 0.4]) {
        progress.of(fraction);
        wait(25);
      }
      progress.end();
    });
    assert.deepEqual(told, [0.1, 0.3, 0.4, 1]);
  });
});
