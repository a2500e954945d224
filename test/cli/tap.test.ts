import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { SITE_INFO, SITES, type SiteName } from "../../daemon/protocol/sites.ts";
import { Cli } from "../support/cli.ts";
import { maxRelative, ReferenceModel } from "../support/reference/index.ts";
import type { Wire } from "../support/rpc.ts";
import { STORIES, sharedPath, skip } from "../support/shared.ts";
import { makeSteeredHome, type SteeredHome } from "../support/steered-home.ts";

/** max|Δ| / max|value| over a tensor against float64: an F32 model is computed in F32 throughout, context included. */
const TIGHT = 1e-4;
/** logits with keys and values rounded to f16 */
const ROUNDED = 2e-3;
const PROMPT = "Once upon a time, there was a little dog";

/** Over the whole tensor [tokens × width]. */
function apart(rows: readonly number[][], expected: readonly Float64Array[]): number {
  return maxRelative(
    rows.flat(),
    expected.flatMap((row) => [...row]),
  );
}

/** Every number of the capture against the reference's own pass over the same tokens. */
function compare(capture: Wire, model: ReferenceModel, layers: readonly number[]): void {
  const sites = Object.keys(capture.sites) as SiteName[];
  const wanted = sites.flatMap((site) => (SITE_INFO[site].perLayer ? layers : [0]).map((layer) => ({ site, layer })));
  const expected = model.forward(capture.tokens, { capture: wanted });
  assert.equal(capture.logits.length, capture.tokens.length);
  assert.ok(apart(capture.logits, expected.logits) <= TIGHT, `logits: ${apart(capture.logits, expected.logits)}`);
  for (const { site, layer } of wanted) {
    const rows = capture.sites[site][layer];
    assert.equal(rows.length, capture.tokens.length);
    const distance = apart(rows, expected.sites.get(`${site}@${layer}`)!);
    assert.ok(distance <= TIGHT, `${site}@${layer}: ${distance}`);
  }
  for (const site of sites) assert.deepEqual(Object.keys(capture.sites[site]).map(Number), SITE_INFO[site].perLayer ? layers : [0]);
}

describe("cli: tap", () => {
  let cli: Cli;
  let random: SteeredHome["model"];
  before(async () => {
    const { home, model } = await makeSteeredHome();
    cli = new Cli(home);
    random = model;
  });
  after(() => cli.dispose());

  it("on a trained model every logit and every site agrees with the float64 reference", async function () {
    const stories = sharedPath(...STORIES);
    if (stories === null) skip(this, "needs the shared models");
    const capture = await cli.json(["tap", "--model", stories, "--prompt", PROMPT, "--sites", SITES.join(","), "--layers", "all"]);
    assert.deepEqual(Object.keys(capture).slice(0, 3), ["tokens", "logits", "sites"]);
    assert.deepEqual(Object.keys(capture.sites).sort(), [...SITES].sort());
    assert.equal(capture.tokens[0], 1, "BOS, and no chat template");
    assert.equal(capture.texts.slice(1).join("").trim(), PROMPT);
    const model = ReferenceModel.load(stories);
    compare(capture, model, [0, 1, 2, 3, 4]);
    // The file is known from now on, and its id is as good as its path.
    const { fingerprint, id } = (await cli.json(["models"])).find((entry: Wire) => entry.fileName === STORIES[1]);
    assert.match(fingerprint, /^sha256:/);
    const again = await cli.json(["tap", "--model", id, "--prompt", PROMPT]);
    assert.deepEqual([again.tokens, again.sites], [capture.tokens, {}]);
    compare(again, model, []);
    await cli.json(["models", "load", id, "--kv-type", "f16"]);
    const rounded = await cli.json(["tap", "--model", id, "--prompt", PROMPT]);
    const distance = apart(rounded.logits, model.forward(rounded.tokens).logits);
    assert.ok(distance > TIGHT / 10 && distance <= ROUNDED, `f16: ${distance}`);
  });

  it("on a random-weight model: chosen layers, tokens instead of text, a steered pass under a preset", async () => {
    const model = ReferenceModel.load(random.path);
    const base = ["tap", "--model", random.id, "--tokens", "1,300,301,302,303,40", "--sites", "mlp.mid,resid", "--layers", "0,2"];
    const plain = await cli.json(base);
    assert.deepEqual(plain.tokens, [1, 300, 301, 302, 303, 40]);
    compare(plain, model, [0, 2]);
    const steered = await cli.json([...base, "--preset", "shift", "--set", "shift=2"]);
    assert.equal(steered.steered.steered, true);
    assert.ok(maxRelative(steered.logits[5], plain.logits[5]) > 1e-3);
    const same = await cli.json([...base, "--preset", "shift", "--set", "shift=0"]);
    // Not to the last bit: other cells of the cache, another order of sums, as between two plain passes.
    assert.ok(maxRelative(same.logits.flat(), plain.logits.flat()) < 1e-5);
    const negative = await cli.json([...base, "--set", "shift=-2"]);
    assert.ok(maxRelative(negative.logits[5], steered.logits[5]) > 1e-3);
  });

  it("leaves out logits, reads standard input, and sums up for people", async () => {
    const base = ["tap", "--model", random.id, "--prompt", "-", "--sites", "resid"];
    const capture = await cli.json([...base, "--layers", "1-2", "--no-logits"], { input: "abc def" });
    assert.deepEqual(["logits" in capture, Object.keys(capture.sites.resid)], [false, ["1", "2"]]);
    const { code, stdout } = await cli.run([...base, "--layers", "0"], { input: "abc def" });
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^${capture.tokens.length} tokens; NOT steered`));
    assert.match(stdout, /^logits +\d+ +\d/m);
    assert.match(stdout, /^resid +0 +64 +\d/m);
  });

  it("refuses layers that are not there and inputs that do not fit", async () => {
    const base = ["tap", "--model", random.id];
    const layer = await cli.refused([...base, "--prompt", "x", "--sites", "resid", "--layers", "7"]);
    assert.deepEqual([layer.exit, layer.code, layer.field], [2, "out-of-range", "layers"]);
    const token = await cli.refused([...base, "--tokens", "99999"]);
    assert.deepEqual([token.exit, token.field], [2, "tokens"], JSON.stringify(token));
    const long = await cli.refused([...base, "--tokens", Array.from({ length: 9000 }, () => "300").join(",")]);
    assert.deepEqual([long.exit, long.code], [4, "context-full"], JSON.stringify(long));
  });
});
