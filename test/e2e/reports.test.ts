/** Reports in the page: drawn under a policy without `eval`, in every theme, with their numbers and as files. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "mocha";
import type { Download, Page } from "playwright-core";
import type { Report } from "../../daemon/protocol/report.ts";
import { createdJob, JobStore, newJobId, StoredJobSchema } from "../../daemon/store/jobs.ts";
import { ReportStore } from "../../daemon/store/reports.ts";
import { makeHome } from "../support/daemon.ts";
import { type Site, textOf, useSite } from "../support/page.ts";

const EXPERIMENT = { id: "directions/from-pairs", title: "Direction from pairs" };
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

describe("page: reports", () => {
  let job: string;
  const site = useSite({
    async home() {
      const home = makeHome();
      const store = new JobStore(home.paths.jobs, () => undefined);
      job = newJobId(Date.now());
      const made = { ...createdJob(job, EXPERIMENT, "direction/joy"), state: "done", ended: new Date().toISOString(), report: true };
      store.add(StoredJobSchema.parse({ job: made, model: "tiller-mini", experiment: EXPERIMENT.id, params: {} }));
      new ReportStore(home.paths.jobs).save(reportOf(job));
      return home;
    },
  });

  it("a job's report is opened from the list of jobs, and its charts are drawn; until then nothing of Vega is loaded", async () => {
    const { page } = site;
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.reload();
    await site.ready();
    assert.ok(!asked.includes("/charts.js"));
    await page.getByRole("button", { name: "Show the report" }).click();
    await drawn(page, 2);
    assert.equal(asked.filter((path) => path === "/charts.js").length, 1);
    assert.equal(await page.title(), "Reports · Tiller");
    const line = page.getByRole("figure", { name: "Separation by layer" });
    // one point for each row of the data
    assert.equal(await line.locator("svg path[aria-roledescription='point']").count(), ROWS.length);
    const graph = page.getByRole("figure", { name: "A circuit" });
    assert.equal(await graph.locator("svg .dots path").count(), 3);
    assert.deepEqual((await graph.locator("svg .names text").allTextContents()).sort(), ["L1·N3", "L2·N5", "L3·H0"]);
  });

  it("each chart has its numbers as a table, and comes as PNG, SVG, CSV and JSON", async () => {
    const { page } = site;
    await openReports(site);
    const line = page.getByRole("figure", { name: "Separation by layer" });
    await line.getByText("Numbers", { exact: true }).click();
    const cells = await line.getByRole("row").evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
    assert.deepEqual(cells, [["layer", "auroc", "on"], ...ROWS.map(({ layer, auroc, on }) => [String(layer), String(auroc), on])]);
    const save = async (name: string): Promise<{ name: string; bytes: Buffer }> => {
      const [download] = await Promise.all([page.waitForEvent("download"), line.getByRole("button", { name }).click()]);
      return { name: download.suggestedFilename(), bytes: await bytesOf(download) };
    };
    const png = await save("Save Separation by layer as PNG");
    assert.match(png.name, /separation\.png$/);
    assert.deepEqual([...png.bytes.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    assert.ok(png.bytes.readUInt32BE(16) > 400, `${png.bytes.readUInt32BE(16)} pixels wide`);
    const svg = (await save("Save Separation by layer as SVG")).bytes.toString();
    assert.match(svg, /^<svg[^>]+xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assert.equal(svg.match(/aria-roledescription="point"/g)?.length, ROWS.length);
    const csv = (await save("Save Separation by layer as CSV")).bytes.toString();
    assert.equal(csv, `layer,auroc,on\r\n${ROWS.map(({ layer, auroc, on }) => `${layer},${auroc},${on}\r\n`).join("")}`);
    const json = JSON.parse((await save("Save Separation by layer as JSON")).bytes.toString());
    assert.deepEqual(json.data.values, ROWS);
    const [whole] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save the report" }).click()]);
    assert.deepEqual(JSON.parse((await bytesOf(whole)).toString()), reportOf(job));
  });

  it("is drawn anew in the colours of each theme, where nothing serious is found for assistive technology, at 320 pixels too", async () => {
    const { page } = site;
    await openReports(site);
    const grounds = new Set<string>();
    for (const theme of ["light", "dark", "contrast"]) {
      await page.getByRole("combobox", { name: "Theme" }).selectOption(theme);
      await page.waitForFunction(() => {
        const svg = document.querySelector<SVGElement>(".report-chart svg");
        return svg !== null && svg.style.backgroundColor === getComputedStyle(document.body).backgroundColor;
      });
      await drawn(page, 2);
      grounds.add(await page.evaluate(() => document.querySelector<SVGElement>(".report-chart svg")!.style.backgroundColor));
      for (const width of [1280, 320]) {
        await page.setViewportSize({ width, height: 900 });
        await drawn(page, 2);
        await audit(page, `${theme}, ${width}`);
        await shot(page, `reports-${theme}-${width}`);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(over <= 0, `${theme}: the page is ${over} pixels wider than ${width}`);
      }
      await page.setViewportSize({ width: 1280, height: 900 });
    }
    assert.equal(grounds.size, 3);
  });

  it("the bundle works where scripts need a nonce and there is no network, as in an editor's webview", async () => {
    const policy =
      "default-src 'none'; script-src 'nonce-abc'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'";
    const context = await site.browser.newContext();
    const page = await context.newPage();
    const refused: string[] = [];
    page.on("console", (message) => message.type() === "error" && refused.push(message.text()));
    await page.route(`${site.daemon.url}/nonce.html`, (route) =>
      route.fulfill({
        contentType: "text/html",
        headers: { "content-security-policy": policy },
        body: `<!doctype html><title>t</title><div id="here"></div><script type="module" nonce="abc">
          const { draw } = await import("./charts.js");
          const look = { ground: "#fff", ink: "#000", soft: "#333", line: "#ddd", axis: "#777", accent: "#06c", plus: "#d70", minus: "#36d", font: "sans-serif", narrow: false, theme: "light" };
          const chart = await draw(document.getElementById("here"), ${JSON.stringify(reportOf("j").blocks[1])}, look);
          document.title = "drawn " + (await chart.png()).length;
        </script>`,
      }),
    );
    await page.goto(`${site.daemon.url}/nonce.html`);
    await page.waitForFunction(() => document.title.startsWith("drawn") || document.title === "failed");
    assert.match(await page.title(), /^drawn \d{4,}$/);
    assert.equal(await page.locator("svg path[aria-roledescription='point']").count(), ROWS.length);
    assert.deepEqual(refused, []);
  });

  it("says so where the charts cannot be loaded, and shows everything else; “Try again” loads them", async () => {
    const { page } = site;
    await openReports(site);
    await page.route("**/charts.js", (route) => route.abort());
    await page.reload();
    await site.ready();
    await openReports(site, 0);
    const problem = page.getByRole("figure", { name: "Separation by layer" }).getByText("The chart could not be drawn");
    await problem.waitFor();
    await page.unroute("**/charts.js");
    await page.getByRole("figure", { name: "Separation by layer" }).getByRole("button", { name: "Try again" }).click();
    await page.waitForFunction(() => document.querySelectorAll("[data-drawn] svg").length > 0);
    assert.match(await textOf(page.getByRole("article", { name: /Direction from pairs/ })), /Nothing speaks against these pairs/);
  });
});

const ROWS = [0, 1, 2, 3].flatMap((layer) => [
  { layer, auroc: 0.5 + layer / 8, on: "training questions in turn" },
  { layer, auroc: 0.5 + layer / 10, on: "held out" },
]);

function reportOf(id: string): Report {
  return {
    version: 1,
    title: "Direction from pairs: direction/joy",
    experiment: EXPERIMENT.id,
    job: id,
    model: "tiller-mini",
    created: "2026-01-02T03:04:05.000Z",
    blocks: [
      { type: "prose", id: "said", text: "Nothing speaks against these pairs.\n\nTwo paragraphs." },
      {
        type: "chart",
        id: "separation",
        title: "Separation by layer",
        description: "How well each layer tells the sides apart; 0.5 is chance.",
        spec: {
          $schema: "https://vega.github.io/schema/vega-lite/v5.json",
          data: { values: ROWS },
          mark: { type: "line", point: true },
          encoding: {
            x: { field: "layer", type: "quantitative", axis: { tickMinStep: 1 } },
            y: { field: "auroc", type: "quantitative", title: "AUROC", scale: { domain: [0, 1] } },
            color: { field: "on", type: "nominal", title: "measured on" },
          },
        },
      },
      {
        type: "table",
        id: "layers",
        title: "Layers",
        columns: [
          { key: "layer", title: "layer" },
          { key: "auroc", title: "AUROC" },
          { key: "on", title: "measured on" },
        ],
        rows: ROWS,
        note: "Layers are chosen on the training questions.",
      },
      {
        type: "graph",
        id: "circuit",
        title: "A circuit",
        nodes: [
          { id: "a", title: "L1·N3", group: "neurons", value: 2 },
          { id: "b", title: "L2·N5", group: "neurons" },
          { id: "c", title: "L3·H0", group: "heads" },
        ],
        edges: [
          { from: "a", to: "b", value: 1.5 },
          { from: "b", to: "c", value: -0.5 },
        ],
      },
      {
        type: "samples",
        id: "samples",
        title: "Samples",
        samples: [{ prompt: "How are you?", plain: "Fine.", steered: "Wonderful!", judged: { joy: 0.93 } }],
      },
    ],
  };
}

async function openReports({ page }: Site, charts = 2): Promise<void> {
  await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: "Reports" }).click();
  if (charts > 0) await drawn(page, charts);
}

/** Waits until that many charts stand drawn, at the width that there is. */
async function drawn(page: Page, count: number): Promise<void> {
  await page.waitForFunction((wanted) => document.querySelectorAll("[data-drawn] > svg, [data-drawn] > div svg").length === wanted, count);
}

async function audit(page: Page, where: string): Promise<void> {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    const { violations } = await (globalThis as never as { axe: { run(): Promise<{ violations: never[] }> } }).axe.run();
    return (violations as { impact: string; id: string; nodes: { html: string }[] }[])
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
  assert.deepEqual(violations, [], where);
}

/** The browser of the lane is another process's, so the file is asked of it. */
async function bytesOf(download: Download): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), "tiller-download-"));
  try {
    const path = join(folder, "file");
    await download.saveAs(path);
    return readFileSync(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Pictures to look at, where `TILLER_SCREENSHOTS` names a folder. */
async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env["TILLER_SCREENSHOTS"];
  if (folder === undefined) return;
  const size = page.viewportSize()!;
  await page.setViewportSize({ width: size.width, height: 2600 });
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.setViewportSize(size);
}
