import assert from "node:assert/strict";
import type { LoadedArtifact } from "../../../daemon/compiler/types.ts";
import { encodeGguf, entry, parseGguf, readTensor } from "../../../daemon/formats/gguf/index.ts";
import { bodyOf } from "../../../daemon/methods/directions/body.ts";
import { exportGgufVector, importGgufVector, otherModel } from "../../../daemon/methods/directions/gguf-vector.ts";
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

  const ones = (size = 1): Float32Array => new Float32Array(WIDTH).fill(size);
  const taken = (bytes: Uint8Array, target: typeof TARGET | null = TARGET) =>
    importGgufVector({ id: "direction/i", bytes, model: target, created: "2026-11-24" }).meta;

  it("takes a direction at layer 0, where it can be acted at here", () => {
    const artifact = loaded(vectorFile([{ name: "direction.0", data: ones() }]));
    const plan = compileSteering(testInput({ controls: { v: { use: "direction/imported", strength: 2 } } }, {}, [artifact]));
    const { element } = rowsOfPlan(plan).answer.variants[0]!;
    assert.deepEqual(
      element.map(({ layer, shift }) => [layer, [...shift!]]),
      [[0, [...ones(2)]]],
    );
    assert.throws(() => exportGgufVector(artifact), /acts at layer 0, which llama.cpp's control vectors cannot reach/);
  });

  it("writes zeros for the layers that it does not use: repeng asks for each from 1 to the last", () => {
    const bytes = exportGgufVector(loaded(vectorFile([{ name: "direction.2", data: ones() }])));
    const file = parseGguf(bytes);
    assert.deepEqual(
      [...file.tensors.keys()],
      Array.from({ length: LAYERS - 1 }, (_, i) => `direction.${i + 1}`),
    );
    for (let layer = 1; layer < LAYERS; layer++)
      assert.deepEqual([...readTensor(bytes, file, `direction.${layer}`)], [...ones(layer === 2 ? 1 : 0)]);
    assert.deepEqual(bodyOf(loaded(bytes).meta).layers, [2]);
  });

  it("belongs to the model that was named, and says when it was made on another kind", () => {
    assert.deepEqual(
      [taken(vectorFile()).model.fingerprint, taken(vectorFile()).model.architecture],
      [TARGET.fingerprint, TARGET.architecture],
    );
    assert.deepEqual([taken(vectorFile(), null).model.fingerprint, taken(vectorFile(), null).model.architecture], [null, "llama"]);
    const other = { ...TARGET, architecture: "gpt2" };
    assert.match(taken(vectorFile(), other).description, /made on a model of the architecture llama; .* is gpt2/);
    assert.doesNotMatch(taken(vectorFile()).description, /made on/);
    for (const [hint, architecture, said] of [
      ["mistral", "llama", false],
      ["gpt2", "llama", true],
      ["", "llama", false],
    ] as const)
      assert.equal(otherModel(hint, { ...TARGET, architecture }) !== null, said, hint);
  });

  it("is read at its strongest layer, and of equal ones in the middle", () => {
    const at = (sizes: number[]) => taken(vectorFile(sizes.map((size, i) => ({ name: `direction.${i + 1}`, data: ones(size) }))));
    assert.equal(bodyOf(at([1, 1, 1])).probeLayer, 2);
    assert.equal(bodyOf(at([1, 1, 3])).probeLayer, 3);
  });

  it("names the layer of a vector that is too high, not a number of layers", () => {
    assert.throws(
      () => taken(vectorFile([{ name: `direction.${LAYERS + 3}`, data: ones() }])),
      new RegExp(`acts at layer ${LAYERS + 3}, `),
    );
  });

  it("counts in the artifact's unit, in the file, too", () => {
    const plain = loaded(vectorFile());
    const artifact = { ...plain, meta: { ...plain.meta, body: { ...plain.meta.body, unit: 2.5 } } };
    const plan = compileSteering(testInput({ controls: { v: { use: "direction/imported", strength: 1 } } }, {}, [artifact]));
    const { element } = rowsOfPlan(plan).answer.variants[0]!;
    const bytes = exportGgufVector(artifact);
    const data = readTensor(bytes, parseGguf(bytes), "direction.1");
    for (let i = 0; i < WIDTH; i++) {
      assert.ok(Math.abs(element[0]!.shift![i]! - 2.5 * (1 + i / 7)) < 1e-5);
      assert.ok(Math.abs(data[i]! - 2.5 * (1 + i / 7)) < 1e-5);
    }
  });

  it("refuses what is not a control vector of this model, with the reason", () => {
    const cases: [Uint8Array, RegExp][] = [
      [new Uint8Array(10), /not a usable control vector/],
      [encodeGguf({ metadata: [["general.architecture", entry.string("llama")]], tensors: [] }), /'llama'/],
      [vectorFile([]), /no tensor named direction/],
      [vectorFile([{ name: "direction.1", data: new Float32Array(WIDTH) }]), /zero/],
      [vectorFile([{ name: "direction.1", data: new Float32Array(WIDTH).fill(Number.NaN) }]), /not finite/],
      [vectorFile([{ name: "direction.1", data: new Float32Array(WIDTH + 1).fill(1) }]), /wide/],
      [vectorFile([{ name: `direction.${LAYERS}`, data: new Float32Array(WIDTH).fill(1) }]), /layers 0 to/],
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
