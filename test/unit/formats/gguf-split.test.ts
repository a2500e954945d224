import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkModel, entry, GgufError, parseGguf, readGgufFile, readModelFile, writeGguf } from "../../../daemon/formats/gguf/index.ts";
import { readModelHeader } from "../../../daemon/store/model-header.ts";
import { makeModel } from "../../support/models/index.ts";
import { splitModel } from "../../support/models/split.ts";

describe("models in several files", () => {
  let folder: string;
  let whole: string;
  let parts: string[];
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tiller-split-"));
    whole = makeModel(join(folder, "whole.gguf"), { architecture: "llama" });
    parts = splitModel(whole, join(folder, "a"), "model", 3);
  });
  after(() => rmSync(folder, { recursive: true }));
  const refused = (path: string, reason: RegExp): void =>
    assert.throws(
      () => readModelFile(path),
      (error: unknown) => error instanceof GgufError && reason.test(error.reason),
    );

  it("are read as one: tensors, size and checks are those of the whole", async () => {
    const { file } = readModelFile(parts[0]!);
    assert.deepEqual([...file.tensors.keys()].sort(), [...readGgufFile(whole).tensors.keys()].sort());
    assert.equal(checkModel(file).layers, 3);
    const [one, three] = [await readModelHeader(whole), await readModelHeader(parts[0]!)];
    assert.equal(three.quantisation, one.quantisation);
    assert.ok(three.sizeBytes >= one.sizeBytes, "of all parts");
  });

  it("are told apart though their first parts are equal", async () => {
    const other = join(folder, "b");
    const copies = parts.map((part) => part.replace(join(folder, "a"), other));
    mkdirSync(other);
    for (const [index, part] of parts.entries()) copyFileSync(part, copies[index]!);
    const before = (await readModelHeader(copies[0]!)).fingerprint;
    assert.equal(before, (await readModelHeader(parts[0]!)).fingerprint, "the same model elsewhere");
    const last = readFileSync(copies[2]!);
    last[last.length - 40] = last[last.length - 40]! ^ 1;
    writeFileSync(copies[2]!, last);
    assert.notEqual((await readModelHeader(copies[0]!)).fingerprint, before);
  });

  it("say what is wrong with a part", () => {
    refused(parts[1]!, /part 2 of 3 of a model; give part 1/);
    const renamed = join(folder, "c");
    mkdirSync(renamed);
    copyFileSync(parts[0]!, join(renamed, "mine.gguf"));
    refused(join(renamed, "mine.gguf"), /part 1 of 3 under another name.*mine-00001-of-00003\.gguf/);
    copyFileSync(parts[0]!, join(renamed, "model-00001-of-00003.gguf"));
    refused(join(renamed, "model-00001-of-00003.gguf"), /part 2 of 3 is missing: model-00002-of-00003\.gguf/);
    copyFileSync(parts[2]!, join(renamed, "model-00002-of-00003.gguf"));
    refused(join(renamed, "model-00001-of-00003.gguf"), /is part 3 of 3, not part 2 of 3: it was renamed/);
    renameSync(join(renamed, "model-00002-of-00003.gguf"), join(renamed, "model-00003-of-00003.gguf"));
    copyFileSync(
      splitModel(makeModel(join(folder, "small.gguf"), { architecture: "qwen2" }), join(folder, "d"), "x", 3)[1]!,
      join(renamed, "model-00002-of-00003.gguf"),
    );
    refused(join(renamed, "model-00001-of-00003.gguf"), /an earlier part, too|belong to different models/);
  });

  it("are asked for by what they are, where they are no model at all", () => {
    const says = (bytes: string | Uint8Array, what: RegExp): void =>
      assert.throws(
        () => parseGguf(Buffer.from(bytes as string, "latin1")),
        (error: unknown) => error instanceof GgufError && what.test(error.reason),
      );
    says("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", /Git LFS pointer.*git lfs pull/);
    says("<!DOCTYPE html>\n<html><head>", /web page/);
    says('{"error": "x"}', /JSON/);
    says("PK\x03\x04 archive data", /PyTorch/);
    says('\x10\x00\x00\x00\x00\x00\x00\x00{"a": 1}', /safetensors/);
    says("tjgg\x03\x00\x00\x00", /before 2023/);
    says("", /empty/);
    says("GG", /not a GGUF/);
    const other = (key: string, value: string): string => {
      const file = readGgufFile(whole);
      try {
        checkModel({ ...file, metadata: new Map([...file.metadata, [key, entry.string(value)]]) });
        return "";
      } catch (error) {
        return (error as GgufError).reason;
      }
    };
    assert.match(other("general.type", "adapter"), /LoRA adapter.*merge it into its base model/);
    assert.match(other("general.type", "imatrix"), /importance matrix/);
    assert.match(other("general.type", "mmproj"), /mmproj.*give the language model/);
    assert.match(other("general.architecture", "controlvector"), /tiller vector import/);
  });

  it("are refused by name where llama.cpp would end the process on them", () => {
    const path = join(folder, "aligned.gguf");
    const file = readGgufFile(whole);
    const bytes = readFileSync(whole);
    writeGguf(path, {
      metadata: [...file.metadata, ["general.alignment", entry.u32(8)]],
      tensors: [...file.tensors.values()].map((tensor) => ({
        name: tensor.name,
        shape: tensor.shape,
        type: tensor.type.name as "F32",
        data: new Uint8Array(bytes.subarray(tensor.offset, tensor.offset + tensor.bytes)),
      })),
      alignment: 8,
    });
    assert.throws(
      () => checkModel(readGgufFile(path)),
      (error: unknown) => error instanceof GgufError && error.field === "general.alignment" && /multiples of 32/.test(error.reason),
    );
  });
});
