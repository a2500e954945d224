/** Every key that a preset may have does something or is refused by name: none is accepted and ignored. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type * as z from "zod";
import { parsePreset } from "../../../daemon/compiler/parse.ts";
import { formOf } from "../../../daemon/experiments/entries.ts";
import { compileSteering, METHODS } from "../../../daemon/methods/index.ts";
import { TillerError } from "../../../daemon/protocol/errors.ts";
import { ControlSchema, HoldSchema, PresetSchema, RackSchema } from "../../../daemon/protocol/preset.ts";
import { rowsOfPlan, testInput } from "../../support/compile.ts";

/** What a rack becomes, or the error that it ends with. */
function outcome(rack: object): string {
  try {
    const plan = compileSteering(testInput(rack));
    return JSON.stringify([rowsOfPlan(plan), plan.report], (_, value) =>
      ArrayBuffer.isView(value) ? [...(value as Float32Array)] : value,
    );
  } catch (error) {
    assert.ok(error instanceof TillerError, String(error));
    return `${error.code}: ${error.message}`;
  }
}

const keys = (schema: z.ZodObject): string[] => Object.keys(schema.shape);
const joy = { use: "direction/joy", strength: 1 };
const CONTROL: Readonly<Record<string, unknown>> = {
  use: "direction/calm",
  strength: 0.5,
  range: [0, 0.5],
  with: { mode: "set" },
};
const SETTINGS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  direction: { mode: "ablate", layers: [2], site: "attn.add" },
};

describe("compiler: the keys of a preset", () => {
  it("of a control change what it does, or only how it is shown", () => {
    const shown = ["title", "description"];
    assert.deepEqual(keys(ControlSchema).sort(), [...Object.keys(CONTROL), ...shown].sort());
    for (const [key, value] of Object.entries(CONTROL))
      assert.notEqual(outcome({ controls: { joy: { ...joy, [key]: value } } }), outcome({ controls: { joy } }), key);
  });

  it("under `with` are the method's own, each used; any other is refused by name, in an old file, too", () => {
    for (const { kind, control } of METHODS) {
      const known = Object.keys((formOf(control.params)["properties"] ?? {}) as object);
      const tried = SETTINGS[kind];
      if (tried === undefined) continue;
      assert.deepEqual(Object.keys(tried).sort(), known.sort(), kind);
      for (const [key, value] of Object.entries(tried))
        assert.notEqual(
          outcome({ controls: { joy: { ...joy, with: { [key]: value } } } }),
          outcome({ controls: { joy } }),
          `${kind}: ${key}`,
        );
      const unknown = outcome({ controls: { joy: { ...joy, with: { nothing: 1 } } } });
      assert.match(unknown, /^bad-preset: controls\.joy\.with\.nothing: controls of 'direction\/…' have no such setting/);
    }
    // Version 1 accepted these and ignored them.
    const old = parsePreset(
      "tiller: 1\nname: Old\ncontrols:\n  joy: { use: direction/joy, strength: 1, deactivate: [en], method: aura }\n",
    );
    assert.ok("preset" in old);
    assert.match(outcome({ controls: old.preset.controls }), /controls\.joy\.with\.deactivate: .* no such setting/);
  });

  it("of a rack act or are refused, and what is left is a preset's name, model, sampling and system turn", () => {
    const rack: Readonly<Record<string, unknown>> = {
      controls: { joy: { ...joy, strength: 0.5 } },
      decoding: { kl: true },
      when: { "direction/joy": "> 1" },
      hold: { joy: { probe: "direction/calm", at: 1, by: "floor" } },
      scope: { joy: "answer" },
    };
    assert.deepEqual(keys(RackSchema).sort(), Object.keys(rack).sort());
    for (const [key, value] of Object.entries(rack))
      assert.notEqual(outcome({ controls: { joy }, [key]: value }), outcome({ controls: { joy } }), key);
    const rest = keys(PresetSchema).filter((key) => !(key in rack));
    assert.deepEqual(rest.sort(), ["description", "model", "name", "sampling", "system", "tiller"]);
    assert.deepEqual(keys(HoldSchema).sort(), ["at", "by", "probe"]);
    for (const change of [{ probe: "direction/joy" }, { at: 2 }, { by: "ceil" }]) {
      const hold = { joy: { probe: "direction/calm", at: 1, by: "floor", ...change } };
      assert.notEqual(outcome({ controls: { joy }, hold }), outcome({ controls: { joy }, hold: rack["hold"] }), JSON.stringify(change));
    }
  });
});
