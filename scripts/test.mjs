/**
 * `npm test [-- lane …]`: sets up what is missing, then runs the lanes one after the other and sums them up. Within a lane, two
 * files run at a time. `npm test -- quick` runs the part of each lane that answers within two minutes.
 *
 * A test that cannot run here is skipped by name, with the line that installs what it lacks; with CI=true and the shared test
 * data present, a skipped test is a failure.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepare } from "./setup.mjs";
import { isUnchanged, keepPassed, shared } from "./testing/inputs.mjs";
import { LANES } from "./testing/lanes.mjs";
import { runLane } from "./testing/runners.mjs";
import { printFailures, printSkipped, printTimes } from "./testing/summary.mjs";

const wanted = process.argv.slice(2);
const quick = wanted.includes("quick");
for (const name of wanted) {
  if (name === "quick" || LANES.some((lane) => lane.id === name)) continue;
  console.error(`There is no lane '${name}'; there is ${LANES.map((lane) => lane.id).join(", ")}, and 'quick' for a part of each.`);
  process.exit(2);
}

prepare();

const strict = process.env.CI === "true" && existsSync(shared);
const scratch = mkdtempSync(join(tmpdir(), "tiller-test-"));
const ran = [];
const left = [];
for (const lane of LANES) {
  if (wanted.includes(lane.id) || (quick && lane.quick !== undefined)) {
    run(lane, quick && Array.isArray(lane.quick) && !wanted.includes(lane.id) ? lane.quick : lane.files);
  } else if (wanted.length === 0 && lane.named !== true) {
    if (isUnchanged(lane)) left.push({ lane, why: `passed with these inputs; 'npm test -- ${lane.id}' runs it all the same` });
    else run(lane, lane.files);
  }
}
rmSync(scratch, { recursive: true, force: true });

const named = (pick) => ran.flatMap(({ lane, result }) => pick(result).map((title) => `${lane.id}: ${title}`));
const skipped = named((result) => result.skipped);
const passed = ran.reduce((sum, { result }) => sum + result.passed, 0);
const failed = ran.reduce((sum, { result }) => sum + result.failed, 0) + (strict ? skipped.length : 0);
const lacking = "The tests on trained third-party models need the shared test data: set TILLER_SHARED to its folder.";
printTimes(ran, left);
printSkipped(skipped, strict, existsSync(shared) ? null : lacking);
printFailures(named((result) => result.failures));
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);

function run(lane, files) {
  console.log(`\n=== ${lane.id}: ${lane.title}`);
  const started = Date.now();
  const result = runLane(lane, { scratch, files });
  const ms = Date.now() - started;
  ran.push({ lane, ms, result });
  console.log(
    `--- ${lane.id}: ${result.passed} passed, ${result.failed} failed, ${result.skipped.length} not run, ${Math.round(ms / 1000)} s`,
  );
  const whole = result.passed > 0 && result.failed === 0 && result.skipped.length === 0;
  if (lane.inputs !== undefined && whole && process.env.CI !== "true") keepPassed(lane);
}
