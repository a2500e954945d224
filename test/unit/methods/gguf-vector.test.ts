import assert from "node:assert/strict";
import type { LoadedArtifact } from "../../../daemon/compiler/types.ts";
import { encodeGguf, entry } from "../../../daemon/formats/gguf/index.ts";
import { exportGgufVector, importGgufVector } from "../../../daemon/methods/directions/gguf-vector.ts";
import { compileSteering } from "../../../daemon/methods/index.ts";
import { TillerError } from "../../../daemon/protocol/errors.ts";
import { LAYERS, rowsOfPlan, testInput, testModel, WIDTH } from "../../support/compile.ts";

/** As llama-cvector-generator writes it: one tensor for each layer from 1 on. */
function vectorFile(
  tensors: { name: string; data: Float32Array }[] = [1, 2, 3].map((n) => ({
    name: `direction.${n}`,
    data: Float32Array.from({ length: WIDTH }, (_, i) => Math.fround(n + i / 7)),
  })),
) {
  return encodeGguf({
    metadata: [
      ["general.architecture", entry.string("controlvector")],
      ["controlvector.model_hint", entry.string("llama")],
      ["controlvector.layer_count", entry.i32(tensors.length)],
    ],
    tensors: tensors.map(({ name, data }) => ({ name, shape: [data.length], type: "F32", data })),
  });
}

const { id, fingerprint, quantisation, facts } = testModel();
const TARGET = { id, fingerprint, quantisation, architecture: facts.architecture, layers: LAYERS, width: WIDTH };

const loaded = (bytes: Uint8Array): LoadedArtifact => {
  const found = importGgufVector({ id: "direction/imported", bytes, model: TARGET, created: "2026-11-24" });
  const stored = {
    tiller: 2,
    kind: "direction",
    data: { file: "data.safetensors", sha256: "0".repeat(64) },
    hash: "0".repeat(64),
    receipts: [],
  } as const;
  return { meta: { ...found.meta, ...stored, receipts: [] }, tensors: found.tensors };
};

describe("GGUF control vectors", () => {
  it("import and export give back the same bytes", () => {
    const bytes = vectorFile();
    assert.deepEqual(Buffer.from(exportGgufVector(loaded(bytes))), Buffer.from(bytes));
  });

  it("strength 1 adds exactly the file's values at exactly its layers", () => {
    const artifact = loaded(vectorFile());
    const plan = compileSteering(testInput({ controls: { v: { use: "direction/imported", strength: 1 } } }, {}, [artifact]));
    const { element } = rowsOfPlan(plan).answer.variants[0]!;
    assert.deepEqual(
      element.map((edit) => edit.layer),
      [1, 2, 3],
    );
    for (const edit of element)
      assert.deepEqual(
        edit.shift,
        Float32Array.from({ length: WIDTH }, (_, i) => Math.fround(edit.layer + i / 7)),
      );
  });

  it("refuses what is not a control vector of this model, with the reason", () => {
    const cases: [Uint8Array, RegExp][] = [
      [new Uint8Array(10), /not a usable control vector/],
      [encodeGguf({ metadata: [["general.architecture", entry.string("llama")]], tensors: [] }), /'llama'/],
      [vectorFile([]), /no tensor named direction/],
      [vectorFile([{ name: "direction.0", data: new Float32Array(WIDTH).fill(1) }]), /direction\.0/],
      [vectorFile([{ name: "direction.1", data: new Float32Array(WIDTH) }]), /zero/],
      [vectorFile([{ name: "direction.1", data: new Float32Array(WIDTH).fill(Number.NaN) }]), /not finite/],
      [vectorFile([{ name: "direction.1", data: new Float32Array(WIDTH + 1).fill(1) }]), /width/],
      [vectorFile([{ name: `direction.${LAYERS}`, data: new Float32Array(WIDTH).fill(1) }]), /layers/],
    ];
    for (const [bytes, message] of cases) {
      assert.throws(
        () => loaded(bytes),
        (error) => error instanceof TillerError && message.test(error.message),
        String(message),
      );
    }
  });
});
