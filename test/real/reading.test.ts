/** What is read of a real model's texts: not its attention sink, which outweighs everything else. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { topShare } from "../../daemon/methods/shared/separation.ts";
import type { EngineCollect } from "../../daemon/protocol/engine-api.ts";
import { EngineUnderTest } from "../support/engine.ts";
import { needsReal } from "../support/real-models.ts";

const ASKED = ["How was your day?", "What do you think of the garden?", "Tell me about your town.", "Shall we go out tonight?"];
const CHEERFUL = [
  "Wonderful, I enjoyed every minute of it!",
  "Oh, it is such a joy to walk there!",
  "It is a lovely place, and I am so happy to live here!",
  "Yes, what a great idea, it will be fun!",
];
const GLOOMY = ["Bad, I am tired.", "It is grey and dead.", "There is nothing here.", "No, I am sad."];

describe("real: reading SmolLM2", () => {
  let engine: EngineUnderTest;
  let layers: number[];
  before(async function () {
    engine = await EngineUnderTest.load(needsReal(this, "smollm2"));
    layers = Array.from({ length: engine.model!.facts.layers }, (_, layer) => layer);
  });
  after(() => engine?.stop());

  const read = (readAt: EngineCollect["readAt"]) => {
    const side = (answers: readonly string[]) =>
      answers.map((content, i) => [
        { role: "user" as const, content: ASKED[i]! },
        { role: "assistant" as const, content },
      ]);
    const texts = [...side(CHEERFUL), ...side(GLOOMY)];
    return engine.request("collect", { id: `real:${readAt}`, texts, render: "chat", site: "resid", layers, readAt });
  };

  /** Share of the mean difference in its eight largest channels, by layer. */
  const shares = ({ data, width }: Awaited<ReturnType<typeof read>>): number[] =>
    layers.map((layer) =>
      topShare(
        Array.from({ length: width }, (_, i) =>
          [0, 1, 2, 3].reduce(
            (sum, pair) =>
              sum + data[(pair * layers.length + layer) * width + i]! - data[((pair + 4) * layers.length + layer) * width + i]!,
            0,
          ),
        ),
        8,
      ),
    );

  it("has a sink at its first position from the middle on", async () => {
    const { sites } = await engine.request("tap", {
      client: "test",
      prompt: "The garden is lovely at this time of the year",
      tokens: null,
      sites: ["resid"],
      layers: [20],
      logits: false,
      plan: null,
    });
    const { data, width } = sites[0]!;
    const norms = Array.from({ length: data.length / width }, (_, row) => Math.hypot(...data.subarray(row * width, (row + 1) * width)));
    assert.ok(norms[0]! > 20 * Math.max(...norms.slice(1)), norms.join(" "));
  });

  it("a mean over all tokens is that sink, one over the answer's own is not", async () => {
    const [own, all] = [await read("mean"), await read("all")];
    const [ownShares, allShares] = [shares(own), shares(all)];
    for (const layer of [12, 16, 20, 24]) {
      assert.ok(allShares[layer]! > 0.6, `all tokens, layer ${layer}: ${allShares[layer]}`);
      assert.ok(ownShares[layer]! < 0.4, `own tokens, layer ${layer}: ${ownShares[layer]}`);
    }
    assert.ok(own.norms[20]! < 1000);
    assert.ok(own.computed < own.tokens * 0.6, `${own.computed} of ${own.tokens}`);
  });
});
