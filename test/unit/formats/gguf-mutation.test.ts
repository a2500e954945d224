import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ByteSource, bufferSource, checkModel, DEFAULT_LIMITS, GgufError, parseGguf } from "../../../daemon/formats/gguf/index.ts";
import { makeModel } from "../../support/models/index.ts";
import { type Random, random } from "../../support/models/random.ts";

const HEADERS = 1000;
const EXTREMES = [0n, 1n, 0x7fn, 0xffn, 0x7fff_ffffn, 0xffff_ffffn, 2n ** 53n, 2n ** 62n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n];

/** Changes 1 to 4 places of the first `header` bytes. */
function mutate(bytes: Buffer, header: number, { next }: Random): Buffer {
  let copy = Buffer.from(bytes);
  for (let changes = 1 + (next() % 4); changes > 0; changes--) {
    // half of the changes near the beginning, where the counts and hyperparameters are
    const at = next() % (next() % 2 === 0 ? 1500 : header);
    const kind = next() % 6;
    if (kind === 0) copy[at]! ^= 1 << (next() % 8);
    else if (kind === 1) copy[at] = next() & 255;
    else if (kind === 2) copy = Buffer.concat([copy.subarray(0, at), Buffer.alloc(1 + (next() % 9), next() & 255), copy.subarray(at)]);
    else if (kind === 3) copy = Buffer.concat([copy.subarray(0, at), copy.subarray(at + 1 + (next() % 9))]);
    else if (kind === 4) copy.writeBigUInt64LE(EXTREMES[next() % EXTREMES.length]!, at);
    else copy.writeUInt32LE(Number(EXTREMES[next() % EXTREMES.length]! & 0xffff_ffffn), at);
  }
  return next() % 20 === 0 ? copy.subarray(0, next() % copy.byteLength) : copy;
}

describe(`${HEADERS} mutated GGUF headers`, () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tiller-gguf-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("each end in a model or in a GgufError, reading no more than the file holds", () => {
    const bytes = readFileSync(makeModel(join(folder, "model.gguf"), { architecture: "llama", type: "Q8_0", size: { layers: 2 } }));
    const header = parseGguf(bytes).dataOffset;
    const dice = random(20_260);
    const outcomes = new Map<string, number>();
    for (let i = 0; i < HEADERS; i++) {
      const mutated = mutate(bytes, header, dice);
      const inner = bufferSource(mutated);
      let read = 0;
      // everything that the parser allocates it has read: what it reads, without a window, bounds what it allocates
      const source: ByteSource = {
        size: inner.size,
        read: (offset, length) => {
          assert.ok(offset >= 0 && length >= 0 && offset + length <= inner.size, `header ${i}: read ${length} at ${offset}`);
          read += length;
          return inner.read(offset, length);
        },
      };
      let outcome = "parsed";
      const started = performance.now();
      try {
        checkModel(parseGguf(source, { ...DEFAULT_LIMITS, windowBytes: 1 }));
      } catch (error) {
        assert.ok(error instanceof GgufError, `header ${i}: ${error instanceof Error ? error.stack : String(error)}`);
        assert.ok(error.field !== "" && error.reason !== "" && Number.isSafeInteger(error.offset));
        outcome = "refused";
      }
      assert.ok(read <= inner.size, `header ${i}: read ${read} of ${inner.size} bytes`);
      assert.ok(performance.now() - started < 2000, `header ${i} took too long`);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    // both must happen, or the mutations are too weak or too strong to say anything
    assert.ok(outcomes.get("refused")! > HEADERS / 2 && outcomes.get("parsed")! > HEADERS / 50, JSON.stringify([...outcomes]));
  });
});
