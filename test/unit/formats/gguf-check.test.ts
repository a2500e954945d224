import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkModel, entry, type GgufEntry, GgufError, type GgufFile, readGgufFile } from "../../../daemon/formats/gguf/index.ts";
import { ARCHITECTURES, makeModel } from "../../support/models/index.ts";
import { STORIES, sharedPath, skip } from "../../support/shared.ts";

describe("model check", () => {
  let folder: string;
  let llama: GgufFile;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tiller-check-"));
    llama = readGgufFile(makeModel(join(folder, "llama.gguf"), { architecture: "llama" }));
  });
  after(() => rmSync(folder, { recursive: true }));

  const changed = (key: string, value: GgufEntry | null): GgufFile => {
    const metadata = new Map(llama.metadata);
    if (value === null) metadata.delete(key);
    else metadata.set(key, value);
    return { ...llama, metadata };
  };
  const refused = (file: GgufFile, field: string, reason: RegExp) =>
    assert.throws(
      () => checkModel(file),
      (error: unknown) => {
        assert.ok(error instanceof GgufError, String(error));
        assert.equal(error.field, field);
        assert.match(error.reason, reason);
        return true;
      },
    );

  for (const architecture of ARCHITECTURES) {
    it(`accepts a random ${architecture} model`, () => {
      const facts = checkModel(readGgufFile(makeModel(join(folder, "any.gguf"), { architecture, type: "Q8_0" })));
      assert.equal(facts.layers, 3);
      assert.equal(facts.width, 64);
      assert.equal(facts.vocabulary, 512);
      assert.deepEqual(facts.heads, [4, 4, 4]);
      assert.equal(facts.experts, architecture === "mixtral" ? 4 : 0);
      assert.deepEqual(facts.warnings, []);
    });
  }

  it("accepts a trained model", function () {
    const path = sharedPath(...STORIES) ?? skip(this, "needs the shared test data");
    const facts = checkModel(readGgufFile(path));
    assert.deepEqual([facts.layers, facts.width, facts.mlpWidths[0], facts.vocabulary], [5, 64, 172, 512]);
  });

  it("warns of a vocabulary without byte tokens", () => {
    const facts = checkModel(readGgufFile(makeModel(join(folder, "bytes.gguf"), { architecture: "llama", byteTokens: false })));
    assert.match(facts.warnings.join(), /lacks \d+ of 256 byte tokens/);
  });

  it("names the missing or absurd key", () => {
    refused(changed("general.architecture", null), "general.architecture", /missing/);
    refused(changed("general.architecture", entry.string("clip")), "general.architecture", /not a language model/);
    refused(changed("general.type", entry.string("adapter")), "general.architecture", /adapter/);
    refused(changed("general.architecture", entry.string("../x")), "general.architecture", /not a name/);
    refused(changed("general.architecture", entry.string("nomic-bert")), "general.architecture", /does not write text/);
    refused(changed("llama.attention.causal", entry.bool(false)), "general.architecture", /does not write text/);
    refused(changed("llama.block_count", null), "llama.block_count", /missing/);
    refused(changed("llama.block_count", entry.u32(0)), "llama.block_count", /1 to 512/);
    refused(changed("llama.block_count", entry.u32(4000)), "llama.block_count", /1 to 512/);
    refused(changed("llama.block_count", entry.string("3")), "llama.block_count", /a number/);
    refused(changed("llama.context_length", entry.u32(0)), "llama.context_length", /integer/);
    refused(changed("llama.attention.head_count_kv", entry.u32(3)), "llama.attention.head_count_kv", /cannot share/);
    refused(changed("llama.attention.head_count", entry.u32(6)), "llama.attention.head_count", /divisible/);
    refused(changed("llama.rope.dimension_count", entry.u32(15)), "llama.rope.dimension_count", /even/);
    refused(changed("llama.rope.freq_base", entry.f32(Number.NaN)), "llama.rope.freq_base", /NaN/);
    refused(changed("llama.rope.scaling.type", entry.string("?")), "llama.rope.scaling.type", /unknown/);
    refused(changed("llama.expert_used_count", entry.u32(2)), "llama.expert_used_count", /2 of 0/);
    refused(changed("llama.feed_forward_length", entry.u32s(Uint32Array.of(160))), "llama.feed_forward_length", /1 values for 3/);
  });

  it("compares the vocabulary with itself and with the embedding", () => {
    const tokens = llama.metadata.get("tokenizer.ggml.tokens")!.value as readonly string[];
    refused(changed("tokenizer.ggml.model", null), "tokenizer.ggml.model", /missing/);
    refused(changed("tokenizer.ggml.tokens", entry.strings([])), "tokenizer.ggml.tokens", /empty/);
    refused(changed("tokenizer.ggml.tokens", entry.strings([...tokens.slice(1), "e"])), "tokenizer.ggml.tokens", /same text/);
    // llama.cpp sees "e" here, which is a token already
    refused(changed("tokenizer.ggml.tokens", entry.strings([...tokens.slice(1), "e\0x"])), "tokenizer.ggml.tokens", /same text/);
    refused(changed("tokenizer.ggml.scores", entry.f32s(new Float32Array(9))), "tokenizer.ggml.scores", /9 values/);
    refused(changed("tokenizer.ggml.token_type", entry.f32s(new Float32Array(512))), "tokenizer.ggml.token_type", /int32/);
    refused(changed("tokenizer.ggml.tokens", entry.strings(tokens.slice(0, 500))), "token_embd.weight", /\[64, 512\].*\[64, 500\]/);
    assert.match(checkModel(changed("tokenizer.ggml.eos_token_id", entry.u32(9999))).warnings.join(), /ignored/);
  });

  it("compares the tensors with the keys", () => {
    refused(changed("llama.feed_forward_length", entry.u32(192)), "blk.0.ffn_gate.weight", /promise \[64, 192\]/);
    refused(changed("llama.block_count", entry.u32(4)), "blk.3.attn_q.weight", /missing/);
    const tensors = new Map(llama.tensors);
    tensors.delete("blk.1.ffn_down.weight");
    refused({ ...llama, tensors }, "blk.1.ffn_down.weight", /missing/);
  });
});
