/**
 * A slider of the page moved in the middle of an answer: the logits of every token before the first one under the new
 * strength are those of the old strength, and from it on those of the new one.
 */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { StoredModel } from "../../daemon/store/models.ts";
import { PresetStore } from "../../daemon/store/presets.ts";
import { foundDirection } from "../support/artifact.ts";
import { addModel, makeHome, type TestHome } from "../support/daemon.ts";
import { answered, asTokens, choosePreset, type Site, send, textOf, useSite } from "../support/page.ts";
import { maxRelative, ReferenceModel } from "../support/reference/index.ts";
import { STORIES, sharedPath, skip } from "../support/shared.ts";
import { daemonRows, type Proof, referenceRows } from "../support/slider-proof.ts";
import { addRandomModel } from "../support/steered-home.ts";
import { artifactStore } from "../support/store.ts";

/** F32 weights and cache, no flash attention. */
const TIGHT = 1e-4;
/** What a move must change at least, or the proof would show nothing. */
const VISIBLE = 1e-2;
const LAYER = 1;
const OLD = 1;
const NEW = 8;
const PROMPT = [1, 403, 407, 261, 378];
const forcedOf = (length: number): number[] => Array.from({ length }, (_, i) => 265 + ((i * 53) % 200));
/**
 * Answers beside the page's own: a decode has to take longer than the acknowledgement's way to the page, or more of them have
 * started by then.
 */
const COMPANIONS = 15;

interface Case {
  readonly model: StoredModel;
  readonly path: string;
  readonly preset: string;
  readonly use: string;
  readonly vector: Float32Array;
  /** the answer's tokens: enough that a key press falls among them */
  readonly forced: readonly number[];
}

function prepare(home: TestHome, model: StoredModel, path: string, preset: string, length: number): Case {
  const use = `direction/${preset}`;
  const found = foundDirection({ id: use, layers: model.layers, width: model.width, model, used: [LAYER] });
  artifactStore(home.paths).save(found);
  const control = `{ use: ${use}, strength: ${OLD}, range: [-${NEW}, ${NEW}] }`;
  new PresetStore(home.paths).save(preset, `tiller: 1\nname: ${preset}\ncontrols:\n  shift: ${control}\n`);
  const vector = found.tensors.get("vector")!.data.slice(LAYER * model.width, (LAYER + 1) * model.width) as Float32Array;
  return { model, path, preset, use, vector, forced: forcedOf(length) };
}

describe("page: a slider moved in the middle of an answer", () => {
  let random: Case;
  let stories: Case | null = null;
  const site = useSite({
    async home() {
      const home = makeHome();
      const size = { layers: 4, d: 512, f: 1408, heads: 8, kvHeads: 4, headDim: 64, vocabulary: 512, context: 512 };
      const made = await addRandomModel(home, "random", { architecture: "llama", size });
      random = prepare(home, made, made.path, "random", 120);
      const path = sharedPath(...STORIES);
      if (path !== null) stories = prepare(home, await addModel(home, path), path, "stories", 400);
      return home;
    },
  });

  it("acts from the first decode that starts after the acknowledgement (random weights)", async () => {
    const { moved, arrived } = await prove(site, random);
    assert.ok(moved <= arrived + 1, `acknowledged with ${arrived} tokens here, first under the new strength was ${moved}`);
  });

  it("acts at the token that the transcript names (a trained model)", async function () {
    if (stories === null) skip(this, "needs models/stories260K-f32.gguf of the shared test data");
    await prove(site, stories);
  });
});

async function prove(site: Site, { model, path, preset, use, vector, forced }: Case): Promise<{ moved: number; arrived: number }> {
  const { page, rpc } = site;
  const options = { threads: 1, kvType: "f32", flashAttention: "off", contextSize: 512, sequences: COMPANIONS + 1 };
  await rpc.call("model.load", { model: model.id, options });
  await page.getByRole("combobox", { name: "Model" }).selectOption(model.id);
  await choosePreset(page, preset);
  await asTokens(page);
  await forceAnswers(site, forced);
  const beside = companions(site, model.id);
  await send(page, "Anything");
  const slider = page.getByRole("slider", { name: "shift" });
  await slider.focus();
  await page.waitForFunction(() => Object.values(window.tiller.state.answers)[0]!.tokens.length >= 4);
  await page.keyboard.press("End");
  const [answer] = await answered(page);
  await beside.end();

  assert.equal(await slider.inputValue(), String(NEW));
  assert.deepEqual(
    answer!.tokens.map(({ id }) => id),
    forced,
  );
  assert.equal(answer!.changes.length, 1);
  const { token: moved, controls } = answer!.changes[0]!;
  assert.deepEqual(controls, { shift: NEW });
  assert.ok(moved >= 4 && moved < forced.length, `moved at ${moved}`);
  assert.equal(await textOf(page.locator(".steered-changes")), `from token ${moved}: shift ${NEW}`);
  // The chip names the token, and stands before the word that the token is in, or before the token itself where it begins one.
  assert.equal(await page.locator(".change").getAttribute("title"), `From token ${moved} on: shift ${NEW}`);
  const at = Number(await page.locator(".change + .tok").getAttribute("data-i"));
  assert.ok(at <= moved, `the chip stands before token ${at}, moved at ${moved}`);
  assert.doesNotMatch(
    answer!.tokens
      .slice(at, moved)
      .map(({ text }) => text)
      .join("")
      .slice(1),
    /\s/,
    "one word lies between them",
  );

  const proof: Proof = { prompt: PROMPT, forced, layer: LAYER, vector, before: OLD, after: NEW };
  const { rows, acks } = await page.evaluate(() => {
    const { rows, acks } = window as unknown as { rows: number[][]; acks: { arrived: number }[] };
    return { rows, acks };
  });
  assert.equal(rows.length, forced.length);
  const reference = ReferenceModel.load(path);
  const expected = referenceRows(reference, proof, moved);
  rows.forEach((row, i) => {
    const off = maxRelative(row, expected[i]!);
    assert.ok(off <= TIGHT, `token ${i} of ${rows.length}, moved at ${moved}: ${off}`);
  });
  // The index is exact: a move one token later or earlier would have given other logits.
  assert.ok(maxRelative(rows[moved]!, referenceRows(reference, proof, moved + 1)[moved]!) > VISIBLE);
  assert.ok(maxRelative(rows[moved - 1]!, referenceRows(reference, proof, moved - 1)[moved - 1]!) > VISIBLE);

  const independent = await daemonRows(rpc, model.id, use, proof, moved);
  assert.equal(independent.length, rows.length - moved + 1);
  independent.forEach((row, i) => {
    const off = maxRelative(rows[moved - 1 + i]!, row);
    assert.ok(off <= TIGHT, `token ${moved - 1 + i} against the daemon's own: ${off}`);
  });
  await rpc.call("model.unload", { model: model.id });
  assert.equal(acks.length, 1);
  return { moved, arrived: acks[0]!.arrived };
}

/** The page asks as always; what it asks for becomes teacher-forced, with logits. Acknowledgements are noted as they come. */
async function forceAnswers({ page }: Site, forced: readonly number[]): Promise<void> {
  await page.evaluate(
    ({ tokens, forced }) => {
      const { client } = window.tiller;
      const call = client.call.bind(client);
      const acks: { arrived: number }[] = [];
      const rows: number[][] = [];
      Object.assign(window, { acks, rows });
      client.on("generate.token", (params: { tokens: { logits: number[] }[] }) => {
        for (const { logits } of params.tokens) rows.push(logits);
      });
      client.call = async (name, params) => {
        if (name === "generate.chat" || name === "generate.complete") {
          const { messages: _, prompt: __, ...rest } = params as { messages?: unknown; prompt?: unknown };
          return call("generate.complete", { ...rest, tokens, forced, logits: true });
        }
        const result = await call(name, params);
        if (name === "steer.set") acks.push({ arrived: rows.length });
        return result;
      };
    },
    { tokens: PROMPT, forced },
  );
}

function companions({ rpc }: Site, model: string): { end(): Promise<void> } {
  const streams = Array.from({ length: COMPANIONS }, (_, i) => `beside-${i}`);
  const answers = streams.map((stream, i) => rpc.call("generate.complete", { model, stream, tokens: [1, 300 + i], forced: forcedOf(480) }));
  return {
    async end() {
      for (const stream of streams) await rpc.call("generate.cancel", { stream });
      await Promise.all(answers);
    },
  };
}
