import assert from "node:assert/strict";
import {
  decodeSafetensors,
  encodeSafetensors,
  SafetensorsError,
  type SafetensorsTensor,
  tensorFrom,
  tensorValues,
} from "../../../daemon/formats/safetensors.ts";
import { random } from "../../support/models/random.ts";

const tensors = new Map<string, SafetensorsTensor>([
  ["bytes", tensorFrom([0, 255, 7], [3], "U8")],
  ["half", tensorFrom([0.5, -2], [2, 1], "F16")],
  ["brain", tensorFrom([1.5, -0.25], [1, 2], "BF16")],
  ["full", tensorFrom([Math.fround(0.1), 1e30, -3], [3])],
  ["whole", tensorFrom([-5, 2 ** 31 - 1], [2], "I32")],
  ["scalar", tensorFrom([4], [])],
  ["none", tensorFrom([], [0, 4])],
]);
const sample = encodeSafetensors({ tensors, metadata: { format: "tiller" } });

function build(header: unknown, data = 0): Uint8Array {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.byteLength));
  return Buffer.concat([length, json, Buffer.alloc(data)]);
}

function refused(bytes: Uint8Array, field: string, reason: RegExp): void {
  assert.throws(
    () => decodeSafetensors(bytes),
    (error: unknown) => {
      assert.ok(error instanceof SafetensorsError, String(error));
      assert.equal(error.field, field);
      assert.match(error.reason, reason);
      return true;
    },
  );
}

describe("safetensors", () => {
  it("come back as they were written", () => {
    const file = decodeSafetensors(sample);
    assert.deepEqual(file.metadata, { format: "tiller" });
    assert.equal(file.tensors.size, tensors.size);
    for (const [name, tensor] of tensors)
      assert.deepEqual({ ...file.tensors.get(name)!, data: [...file.tensors.get(name)!.data] }, { ...tensor, data: [...tensor.data] });
    assert.deepEqual([...tensorValues(file.tensors.get("half")!)], [0.5, -2]);
    assert.deepEqual([...tensorValues(file.tensors.get("brain")!)], [1.5, -0.25]);
    assert.deepEqual([...tensorValues(file.tensors.get("whole")!)], [-5, 2 ** 31 - 1]);
    assert.deepEqual(encodeSafetensors(file), sample);
  });

  it("keep a tensor with an odd name", () => {
    const odd = encodeSafetensors({ tensors: new Map([["__proto__", tensorFrom([1], [1])]]), metadata: {} });
    assert.deepEqual([...decodeSafetensors(odd).tensors.keys()], ["__proto__"]);
  });

  it("are refused with the name of what is wrong", () => {
    const one = (more: object) => ({ x: { dtype: "F32", shape: [2], data_offsets: [0, 8], ...more } });
    assert.equal(decodeSafetensors(build(one({}), 8)).tensors.size, 1);
    refused(new Uint8Array(4), "header", /shorter/);
    refused(Buffer.alloc(8, 255), "header", /does not fit/);
    refused(build("{"), "header", /not JSON/);
    refused(build("["), "header", /not JSON/);
    refused(build("[]"), "header", /not an object/);
    refused(build({ __metadata__: { a: 1 } }), "__metadata__.a", /string/);
    refused(build({ x: 1 }), "x", /object/);
    refused(build(one({ dtype: "F64" }), 8), "x", /dtype/);
    refused(build(one({ dtype: "toString" }), 8), "x", /dtype/);
    refused(build(one({ shape: [-2] }), 8), "x", /shape/);
    refused(build(one({ shape: [1.5] }), 8), "x", /shape/);
    refused(build(one({ shape: new Array(9).fill(1) }), 8), "x", /shape/);
    refused(build(one({ shape: [3] }), 8), "x", /12 bytes at 0 to 8/);
    refused(build(one({ shape: [2 ** 52, 2 ** 52] }), 8), "x", /bytes at 0 to 8/);
    refused(build(one({ data_offsets: [0, 8, 8] }), 8), "x", /two natural/);
    refused(build(one({ data_offsets: [8, 0] }), 8), "x", /8 to 0/);
    refused(build(one({}), 4), "x", /ends at byte 8/);
    refused(build(one({ extra: 1 }), 8), "x", /unknown key/);
    refused(build(one({}), 9), "data", /1 bytes/);
    refused(build(one({ data_offsets: [4, 12] }), 12), "x", /gap/);
    refused(build({ ...one({}), y: { dtype: "U8", shape: [4], data_offsets: [4, 8] } }, 8), "y", /overlaps/);
  });

  it("never end in another error, 1,000 mutations long", () => {
    const { next } = random(11);
    let parsed = 0;
    for (let i = 0; i < 1000; i++) {
      const bytes = Uint8Array.from(sample);
      for (let n = 1 + (next() % 3); n > 0; n--) bytes[next() % bytes.length] = next() & 255;
      try {
        decodeSafetensors(next() % 10 === 0 ? bytes.subarray(0, next() % bytes.length) : bytes);
        parsed++;
      } catch (error) {
        assert.ok(error instanceof SafetensorsError, `mutation ${i}: ${String(error)}`);
      }
    }
    assert.ok(parsed > 10 && parsed < 900, `${parsed} parsed`);
  });
});
