/** Rules that page, command line and daemon share. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { layerList } from "../../../daemon/cli/arguments/arguments.ts";
import { checkFrom } from "../../../daemon/cli/commands/vector-from.ts";
import { LayersSchema } from "../../../daemon/protocol/preset.ts";
import { layerNumbers, readLayers, writeLayers } from "../../../daemon/protocol/rules/layers.ts";
import { idStem } from "../../../daemon/protocol/rules/slug.ts";
import { parseLayers } from "../../../webview-ui/rack/layers.ts";

describe("rules: layers", () => {
  it("are read in every way that people write them", () => {
    const written = { "3": [3], "0,2,5": [0, 2, 5], "3-6": [3, 4, 5, 6], " 3 – 5 ": [3, 4, 5], "5 2 2": [2, 5], "1, 4-6": [1, 4, 5, 6] };
    for (const [text, layers] of Object.entries(written)) assert.deepEqual(readLayers(text), layers, text);
    for (const wrong of ["", "a", "1-", "-1", "6-3", "2000", "0-1024", "1,,2", "3-5-7"]) assert.equal(readLayers(wrong), null, wrong);
  });

  it("are written as they are read: all of them and no others", () => {
    assert.equal(writeLayers([2, 0, 1, 5]), "0-2, 5");
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1 }), (layers) => {
        assert.deepEqual(
          readLayers(writeLayers(layers)),
          [...layers].sort((a, b) => a - b),
        );
      }),
    );
  });

  it("mean the same in a preset, in the page and on the command line", () => {
    const layer = fc.integer({ min: 0, max: 1023 });
    const range = fc.tuple(layer, layer).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
    fc.assert(
      fc.property(fc.oneof(range, layer.map(String), fc.array(layer, { minLength: 1, maxLength: 8 }).map(String)), (text) => {
        const layers = readLayers(text);
        assert.deepEqual(layerList(text), layers);
        const typed = parseLayers(text);
        assert.ok(LayersSchema.safeParse(typed).success);
        assert.deepEqual(layerNumbers(typed!), layers);
      }),
    );
  });
});

describe("rules: ids from names", () => {
  it("are the same wherever a name is given", () => {
    for (const name of ["v1.2 style", "皮肉", "Größe 2", "CON", "!!!", "Answer in Spanish."])
      assert.equal(checkFrom(undefined, { from: name }).params.id, `direction/${idStem(name, "slider")}`);
    assert.equal(idStem("v1.2 style", "slider"), "v1.2-style");
    assert.throws(() => checkFrom(undefined, { from: " " }), /in a word or a sentence/);
  });

  it("keep to letters that no other id has", () => {
    assert.match(idStem("皮肉", "slider")!, /^slider-[0-9a-z]{7}$/);
    assert.notEqual(idStem("皮肉", "slider"), idStem("冗談", "slider"));
  });
});
