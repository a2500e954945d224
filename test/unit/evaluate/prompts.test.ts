import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { cellsOf, messagesOf } from "../../../daemon/evaluate/receipts/arms.ts";
import { FEWEST_KINDS, usedKinds } from "../../../daemon/evaluate/receipts/clusters.ts";
import { questionSpec } from "../../../daemon/evaluate/receipts/question-spec.ts";
import { kindsOf } from "../../../daemon/evaluate/receipts/receipt.ts";
import { EvaluationStore } from "../../../daemon/store/evaluations.ts";
import { makeFolders, storePaths } from "../../../daemon/store/paths.ts";

describe("evaluate: the prompts that come with Tiller", () => {
  const home = mkdtempSync(join(tmpdir(), "tiller-prompts-"));
  const paths = storePaths(home);
  before(() => makeFolders(paths));
  after(() => rmSync(home, { recursive: true, force: true }));
  const prompts = () => new EvaluationStore(paths).prompts();

  it("are of six kinds, as many of each, none twice, and none that is learned from", () => {
    const kinds = prompts().map(({ kind }) => kind!);
    const names = usedKinds(kinds)!;
    assert.ok(names.length >= FEWEST_KINDS);
    for (const name of names) assert.equal(kinds.filter((kind) => kind === name).length, kinds.length / names.length, name);
    const texts = prompts().map(({ text }) => text);
    assert.equal(new Set(texts).size, texts.length);
    const learned = new Set(new EvaluationStore(paths).questions().map(({ text }) => text));
    assert.deepEqual(
      texts.filter((text) => learned.has(text)),
      [],
    );
  });

  it("go into a specification with their kinds, and talks under way with the turns before", () => {
    const spec = questionSpec({ artifact: "direction/joy", judge: { id: "emotion", label: "joy" }, asked: "Answer joyfully." }, prompts());
    assert.ok(kindsOf(spec)!.length === spec.prompts.length && spec.prompts.length * spec.seeds >= 230);
    const at = spec.prompts.findIndex(({ before }) => before !== undefined);
    const cell = cellsOf(spec, 1, 7)[at]!;
    const roles = (kind: "plain" | "prompt") => messagesOf(spec, cell, { kind }).map(({ role }) => role);
    assert.deepEqual(roles("plain"), ["user", "assistant", "user"]);
    assert.deepEqual(roles("prompt"), ["system", "user", "assistant", "user"]);
    assert.equal(kindsOf({ prompts: [...spec.prompts, { language: "en", text: "Of no kind." }] }), null);
  });
});
