import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { StoredModel } from "../../daemon/store/models.ts";
import { colourMap } from "../../webview-ui/heatmap/colour.ts";
import { makeHome } from "../support/daemon.ts";
import { answered, limitAnswers, type Site, send, textOf, useSite } from "../support/page.ts";
import { addRandomModel, LONG, QUICK } from "../support/steered-home.ts";

const SITE = "mlp.mid";
const PROMPT = [1, 403, 407, 261, 378];
const FORCED = Array.from({ length: 40 }, (_, i) => 265 + ((i * 53) % 200));

describe("page: the live heatmap", () => {
  let model: StoredModel;
  const site = useSite({
    async home() {
      const home = makeHome();
      model = await addRandomModel(home, "random", LONG);
      return home;
    },
  });

  it("draws the activations of the token that it names, and lists the strongest neurons", async () => {
    await answerForced(site, model.id);
    const { page } = site;
    const picture = await pictureOf(site);
    const layers = await activations(site, model, picture.token);
    const map = colourMap("light");
    const largest = layers.map((values) => Math.max(...values.map(Math.abs)));
    let compared = 0;
    for (const [layer, values] of layers.entries()) {
      const y = Math.floor(((layer + 0.5) * picture.height) / layers.length);
      for (let x = 0; x < picture.plot; x++) {
        const from = Math.floor((x * values.length) / picture.plot);
        const to = Math.max(from + 1, Math.floor(((x + 1) * values.length) / picture.plot));
        const strongest = Math.max(...values.slice(from, to).map(Math.abs));
        const level = (strongest / largest[layer]!) * 255;
        const drawn = levelOf(picture.pixels[y * picture.plot + x]!, map);
        assert.ok(Math.abs(drawn - level) <= 2, `layer ${layer}, column ${x}: level ${drawn}, expected ${level}`);
        compared++;
      }
    }
    assert.equal(compared, layers.length * picture.plot);

    const named = layers
      .flatMap((values, layer) => values.map((value, index) => ({ name: `L${layer}·N${index}`, value })))
      .sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
    await tableFollowed(site);
    const [first] = await page.locator(".strongest tbody tr").all();
    assert.equal(await textOf(first!.locator("th")), named[0]!.name);
    assert.equal(await textOf(first!.locator("td.number")), named[0]!.value.toFixed(2).replace("-", "−"));
    const label = await page.locator(".heat-canvas").getAttribute("aria-label");
    assert.match(
      label!,
      new RegExp(`at token ${picture.token}; strongest is layer ${named[0]!.name.replace("L", "").replace("·N", ", neuron ")},`),
    );
  });

  it("shows another site when asked, and nothing new while paused", async () => {
    const { page } = site;
    await page.getByRole("combobox", { name: "Site" }).selectOption("attn.out");
    await answerForced(site, model.id);
    assert.match((await page.locator(".heat-canvas").getAttribute("aria-label"))!, /^attn\.out of 3 layers/);
    const before = await pictureOf(site);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Regenerate" }).click();
    await page.getByText("2/2").waitFor();
    await answered(page);
    await drawn(site);
    assert.deepEqual(await pictureOf(site), before);
  });

  it("the picture says what it is of, also when something else is chosen above it", async () => {
    const { page } = site;
    await page.getByRole("combobox", { name: "Site" }).selectOption("attn.out");
    await answerForced(site, model.id);
    const caption = page.locator(".heat-caption");
    await page.getByRole("combobox", { name: "Site" }).selectOption(SITE);
    await page.getByText("The next answer shows what is chosen above.").waitFor();
    assert.match(await textOf(caption), new RegExp(`^attn\\.out · 3 layers · token \\d+ · ${model.name}`));
    await page.getByRole("combobox", { name: "Site" }).selectOption("attn.out");
    await page.waitForFunction(() => document.querySelector(".heat-caption .hint") === null);
  });

  it("says why it shows nothing to a token that may not read activations", async () => {
    const { token } = await site.rpc.call("daemon.token.create", { name: "blind", scopes: ["generate"] });
    const page = await site.open({}, token);
    await site.ready(page);
    assert.match(await textOf(page.locator(".heat")), /This token has no “capture” scope/);
    await page.getByRole("combobox", { name: "Model" }).selectOption(model.id);
    await limitAnswers(page, 10);
    await send(page, "Anything");
    const [answer] = await answered(page);
    assert.equal(answer!.problem, null);
    assert.equal(await page.locator(".heat-canvas").getAttribute("data-token"), null);
  });
});

/** A plain answer of known tokens, so that the same activations can be read without the page. */
async function answerForced(site: Site, model: string): Promise<void> {
  const { page, rpc } = site;
  await rpc.call("model.load", { model, options: QUICK });
  await page.emulateMedia({ colorScheme: "light" });
  await page.getByRole("combobox", { name: "Model" }).selectOption(model);
  await page.evaluate(
    ({ tokens, forced }) => {
      const { client } = window.tiller;
      const call = client.call.bind(client);
      client.call = (name, params) => {
        if (name !== "generate.chat") return call(name, params);
        const { messages: _, ...rest } = params as { messages: unknown };
        return call("generate.complete", { ...rest, tokens, forced });
      };
    },
    { tokens: PROMPT, forced: FORCED },
  );
  await send(page, "Anything");
  await answered(page);
  await page.locator(".heat-canvas[data-token]").waitFor();
  await drawn(site);
}

/** No frame comes after its answer; what came is on the canvas at the second animation frame from now. */
function drawn({ page }: Site): Promise<void> {
  return page.evaluate(() => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))));
}

/** The table follows the canvas a little later; its first row is what the canvas calls the strongest. */
async function tableFollowed({ page }: Site): Promise<void> {
  await page.waitForFunction(() => {
    const said = /strongest is layer (\d+), neuron (\d+), (-?[\d.]+)\./.exec(document.querySelector(".heat-canvas")!.ariaLabel ?? "");
    const row = document.querySelector(".strongest tbody tr");
    if (said === null || row === null) return false;
    const shown = [row.querySelector("th")!.textContent, row.querySelector("td.number")!.textContent?.replace("−", "-")];
    return shown[0] === `L${said[1]}·N${said[2]}` && shown[1] === said[3];
  });
}

interface Picture {
  readonly token: number;
  readonly plot: number;
  readonly height: number;
  /** RGB as one number */
  readonly pixels: number[];
}

function pictureOf({ page }: Site): Promise<Picture> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>(".heat-canvas")!;
    const gutter = Math.round(24 * Math.min(devicePixelRatio, 2));
    const plot = canvas.width - gutter;
    const { data } = canvas.getContext("2d")!.getImageData(gutter, 0, plot, canvas.height);
    const pixels = Array.from(
      { length: plot * canvas.height },
      (_, i) => (data[i * 4]! << 16) | (data[i * 4 + 1]! << 8) | data[i * 4 + 2]!,
    );
    return { token: Number(canvas.dataset["token"]), plot, height: canvas.height, pixels };
  });
}

/** [layer][neuron] at the answer token `token`, by a pass of its own. */
async function activations({ rpc }: Site, model: StoredModel, token: number): Promise<number[][]> {
  const tokens = [...PROMPT, ...FORCED.slice(0, token + 1)];
  rpc.frames.length = 0;
  await rpc.call("tap.run", { model: model.id, stream: "check", tokens, sites: [SITE], logits: false });
  const layers: number[][] = Array.from({ length: model.layers }, () => []);
  for (const { header, body } of rpc.frames) {
    if (header.kind !== "site") continue;
    const at = tokens.length - 1 - header.firstToken;
    if (at < 0 || at >= header.rows) continue;
    const width = header.widths.reduce((sum, one) => sum + one, 0);
    let offset = at * width;
    header.layers.forEach((layer, i) => {
      layers[layer] = Array.from(body.subarray(offset, offset + header.widths[i]!));
      offset += header.widths[i]!;
    });
  }
  assert.ok(layers.every((values) => values.length > 0));
  return layers;
}

/** The entry of the colour map that comes nearest. */
function levelOf(colour: number, map: Uint8ClampedArray): number {
  const [r, g, b] = [colour >> 16, (colour >> 8) & 255, colour & 255];
  let best = 0;
  let nearest = Number.POSITIVE_INFINITY;
  for (let level = 0; level < 256; level++) {
    const distance = (map[level * 4]! - r) ** 2 + (map[level * 4 + 1]! - g) ** 2 + (map[level * 4 + 2]! - b) ** 2;
    if (distance < nearest) [best, nearest] = [level, distance];
  }
  assert.equal(nearest, 0, "every pixel is a colour of the map");
  return best;
}
