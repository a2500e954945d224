/** Two presets side by side, as a file. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Answer } from "../../../daemon/protocol/api/generate.ts";
import { comparedMarkdown } from "../../../extension/compare/markdown.ts";
import { strongest } from "../../../extension/compare/neurons.ts";

function side(name: string, words: readonly string[], strength: number) {
  const tokens = words.map((text, index) => ({ index, id: text.length * 100 + text.charCodeAt(0), text, logprob: -1 }));
  const controls = [{ name: "joy", use: "direction/joy", strength, scope: "all", settings: {}, text: "at layer 3", places: [] }];
  return { name, answer: { tokens, text: words.join(""), steered: { steered: true, summary: "", controls } } as unknown as Answer };
}

describe("extension: two presets compared", () => {
  it("marks what only one side says, names the strengths, and means nothing of what a model wrote", () => {
    const markdown = comparedMarkdown({
      question: "How *are* you?",
      model: "m",
      seed: 7,
      left: side("A", ["I", " am", " fine", "."], 0.2),
      right: side("B", ["I", " am", " <b>glad</b>", "."], 0.9),
      neurons: [{ layer: 2, index: 17, left: 0.5, right: -1.25 }],
    });
    assert.match(markdown, /3 of 4 and 4 tokens are the same\. They part at token 2\./);
    assert.match(markdown, /I am \*\*fine\*\*\./);
    assert.match(markdown, /I am \*\*\\<b\\>glad\\<\/b\\>\*\*\./);
    assert.match(markdown, /\| joy \| 0\.2 at layer 3 \| 0\.9 at layer 3 \|/);
    assert.match(markdown, /\| 2 \| 17 \| 0\.5 \| −1\.25 \| −1\.75 \|/);
    assert.match(markdown, /> How \\\*are\\\* you\?/);
  });

  it("finds the neurons that differ most over all layers", () => {
    const left = new Map([
      [0, Float32Array.of(0, 1, 2)],
      [1, Float32Array.of(5, 5, 5)],
    ]);
    const right = new Map([
      [0, Float32Array.of(0, 1, -2)],
      [1, Float32Array.of(5, 5.5, 8)],
    ]);
    assert.deepEqual(
      strongest(left, right, 2).map(({ layer, index }) => [layer, index]),
      [
        [0, 2],
        [1, 2],
      ],
    );
  });
});
