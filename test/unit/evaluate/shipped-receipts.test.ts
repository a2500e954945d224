import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { parsePreset } from "../../../daemon/compiler/parse.ts";
import { materialsHash, sha256 } from "../../../daemon/evaluate/receipts/materials.ts";
import { splitQuestions } from "../../../daemon/evaluate/receipts/question-spec.ts";
import { artifactEntry } from "../../../daemon/experiments/artifact-entry.ts";
import { actingOf } from "../../../daemon/protocol/rules/control.ts";
import { Judges } from "../../../daemon/server/jobs/judges.ts";
import { EvaluationStore } from "../../../daemon/store/evaluations.ts";
import { makeFolders, storePaths } from "../../../daemon/store/paths.ts";
import { PresetStore } from "../../../daemon/store/presets.ts";
import { measuredOtherwise } from "../../../webview-ui/evidence/fit.ts";
import { artifactStore } from "../../support/store.ts";

const AGAIN = "measure again: node scripts/make-receipts.mjs";

describe("presets: their receipts", () => {
  const home = mkdtempSync(join(tmpdir(), "tiller-shipped-"));
  const paths = storePaths(home);
  before(() => makeFolders(paths));
  after(() => rmSync(home, { recursive: true, force: true }));

  it("are those of today's directions, evaluations and judges, with at least 200 answers per strength", () => {
    const evaluations = new EvaluationStore(paths);
    const artifacts = artifactStore(paths);
    const judges = new Judges(paths.shipped, []);
    const presets = new PresetStore(paths).list();
    assert.ok(presets.length >= 3);
    for (const { id, text } of presets) {
      const parsed = parsePreset(text);
      assert.ok("preset" in parsed);
      const [[name, control]] = Object.entries(parsed.preset.controls) as [[string, (typeof parsed.preset.controls)[string]]];
      const artifact = artifacts.get(control.use)!;
      const [receipt] = artifact.receipts;
      assert.ok(receipt, `${id} has no receipt of its direction as it is: ${AGAIN}`);
      assert.equal(receipt.model.fingerprint, artifact.model.fingerprint);
      assert.equal(receipt.control.name, name);
      assert.equal(
        measuredOtherwise(receipt, actingOf(control, parsed.preset.scope?.[name] ?? null, artifactEntry(artifact))),
        null,
        `${id}: ${AGAIN}`,
      );
      assert.equal(receipt.spec, sha256(evaluations.get(id)), `${id}: its evaluation changed: ${AGAIN}`);
      assert.equal(receipt.materials, materialsHash(evaluations.materials()), AGAIN);
      assert.equal(receipt.judge.hash, judges.get(receipt.judge.choice.id).hash, `${id}: its judge changed: ${AGAIN}`);
      for (const { n, strength } of receipt.points) assert.ok(n >= 200, `${id}: ${n} answers at ${strength}`);
      assert.equal(receipt.summary.startsWith("works: "), receipt.verdict === "works");
    }
  });

  it("are measured on prompts that name nothing which the direction was made from", () => {
    const evaluations = new EvaluationStore(paths);
    const things = (text: string): string[] => [...text.toLowerCase().matchAll(/\bthe (\w+)/g)].map(([, thing]) => thing!);
    // joy and Spanish come from the model's answers to these, length from pairs of its own
    const asked = new Set(splitQuestions(evaluations.questions()).free.flatMap(({ text }) => things(text)));
    const contrast = readFileSync(join(paths.shipped, "contrast", "long.jsonl"), "utf8").toLowerCase();
    for (const { id } of new PresetStore(paths).list()) {
      const prompts = evaluations.get(id)!.prompts.filter(({ language }) => language === "en");
      const known = prompts
        .flatMap(({ text }) => things(text))
        .filter((thing) => (id === "talkative" ? contrast.includes(`the ${thing}`) : asked.has(thing)));
      assert.ok(prompts.length > 0);
      assert.deepEqual(known, [], id);
    }
  });
});
