/** The list of jobs: what ended while nobody looked is still there, until it is dismissed. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { createdJob, JobStore, newJobId, StoredJobSchema } from "../../daemon/store/jobs.ts";
import { makeHome } from "../support/daemon.ts";
import { textOf, useSite } from "../support/page.ts";

const HOUR = 3_600_000;
const EXPERIMENT = { id: "directions/from-pairs", title: "Direction from pairs" };
const TEMPLATES = { positive: "good {}", negative: "bad {}", texts: ["one", "two"] };

describe("page: jobs that ended before it was opened", () => {
  const site = useSite({
    async home() {
      const home = makeHome();
      const store = new JobStore(home.paths.jobs, () => undefined);
      const put = (hours: number, about: string, change: object) => {
        const at = Date.now() - hours * HOUR;
        const job = { ...createdJob(newJobId(at), EXPERIMENT, about), created: new Date(at).toISOString(), ...change };
        store.add(
          StoredJobSchema.parse({ job, model: "tiller-mini", experiment: EXPERIMENT.id, params: { id: about, templates: TEMPLATES } }),
        );
      };
      const ended = new Date(Date.now() - HOUR).toISOString();
      put(60, "direction/old", { state: "done", ended: new Date(Date.now() - 50 * HOUR).toISOString(), result: "direction/old" });
      put(50, "direction/joy", { state: "done", message: "done", ended, result: "direction/joy" });
      put(2, "direction/none", { state: "failed", message: "no pairs differ", ended });
      put(1, "direction/stopped", { state: "cancelled", message: "cancelled", ended });
      return home;
    },
  });

  it("are shown with what they worked on, give their slider, and stay away once they are dismissed", async () => {
    const { page } = site;
    const rows = page.getByRole("list", { name: "Jobs" }).getByRole("listitem");
    assert.deepEqual(await rows.getByRole("status").allTextContents(), [
      "Direction from pairs: direction/stopped cancelled.",
      "Direction from pairs: direction/none failed: no pairs differ",
      "Direction from pairs: direction/joy is done.",
    ]);
    await rows.nth(1).getByRole("button", { name: "Dismiss" }).click();
    await rows.nth(1).getByRole("button", { name: "Put it in the rack" }).click();
    const slider = page.getByRole("slider", { name: "Joy", exact: true });
    await slider.waitFor();
    await page.waitForFunction(() => document.activeElement?.matches(".slider input[type=range]"));
    const { artifacts } = await page.evaluate(() => window.tiller.state.library);
    const { usable } = artifacts.find(({ id }) => id === "direction/joy")!.receipts[0]!;
    assert.deepEqual([await slider.getAttribute("min"), await slider.getAttribute("max")], [usable.low, usable.high].map(String));
    await page.reload();
    await site.ready();
    assert.equal(await textOf(rows.getByRole("status")), "Direction from pairs: direction/stopped cancelled.");
  });
});
