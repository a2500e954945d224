/** Plans that are asked for again and again. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RackSchema } from "../../daemon/protocol/preset.ts";
import { SteeringCompiler } from "../../daemon/server/answers/steering.ts";
import type { LoadedEngine } from "../../daemon/server/engines/slot.ts";
import { makeFolders, storePaths } from "../../daemon/store/paths.ts";
import { PresetStore } from "../../daemon/store/presets.ts";
import { foundDirection } from "../support/artifact.ts";
import { LAYERS, testModel, WIDTH } from "../support/compile.ts";
import { artifactStore } from "../support/store.ts";

describe("daemon: compiled steering", () => {
  const home = mkdtempSync(join(tmpdir(), "tiller-plans-"));
  after(() => rmSync(home, { recursive: true, force: true }));

  it("keeps of a rack what no strength changes, until the artifact or the engine is another", () => {
    const paths = storePaths(home);
    makeFolders(paths);
    const artifacts = artifactStore(paths);
    const save = (value: number) => artifacts.save(foundDirection({ id: "direction/x", layers: LAYERS, width: WIDTH, value }));
    save(1);
    const compiler = new SteeringCompiler(new PresetStore(paths), artifacts);
    const { id, fingerprint, quantisation, facts, sites } = testModel();
    const engine = (): LoadedEngine =>
      ({ model: { id, fingerprint, quantisation }, info: { facts, sites }, process: {} }) as unknown as LoadedEngine;
    const first = engine();
    const active = (strength: number) => ({
      rack: RackSchema.parse({ controls: { x: { use: "direction/x", strength } } }),
      set: {},
      preset: null,
    });
    const { topology, amounts, report } = compiler.edits(active(1), first);
    assert.deepEqual([...amounts], [1]);
    assert.equal(compiler.edits(active(1), { ...first }).topology, topology, "each use of an engine gets an object of its own");
    for (const strength of [0.5, 0, -3]) {
      const moved = compiler.edits(active(strength), first);
      assert.equal(moved.topology, topology, `a strength of ${strength} is no part of it`);
      assert.deepEqual([...moved.amounts], [strength === 0 ? Number.NaN : strength]);
      assert.notDeepEqual(moved.report, report);
    }
    assert.equal(compiler.edits({ ...active(1), set: { x: 0.5 } }, first).topology, topology);
    assert.notEqual(compiler.edits(active(1), engine()).topology, topology, "the model was loaded anew");
    save(2);
    const changed = compiler.edits(active(1), first);
    assert.notEqual(changed.topology.id, topology.id, "the artifact has other numbers");
  });
});
