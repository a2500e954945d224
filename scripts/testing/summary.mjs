/** What stands at the end of `npm test`: where the time went, what did not run and what failed. */

const SLOWEST = 20;

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`.padStart(9);

/** @param ran { lane, ms, result } of each lane that ran; @param left { lane, why } of those that did not */
export function printTimes(ran, left) {
  const times = ran.flatMap(({ lane, result }) => result.times.map((one) => ({ ...one, lane: lane.id })));
  const slowest = times.toSorted((a, b) => b.ms - a.ms).slice(0, SLOWEST);
  if (slowest.length > 0) console.log(`\nThe ${slowest.length} slowest tests:`);
  for (const { lane, title, ms } of slowest) console.log(`${seconds(ms)}  ${lane}: ${title.slice(0, 140)}`);
  console.log("\nTime per lane:");
  for (const { lane, ms, result } of ran)
    console.log(
      `${seconds(ms)}  ${lane.id}: ${result.passed} passed, ${result.failed} failed${result.skipped.length > 0 ? `, ${result.skipped.length} not run` : ""}`,
    );
  for (const { lane, why } of left) console.log(`${"–".padStart(9)}  ${lane.id}: ${why}`);
  console.log(`${seconds(ran.reduce((sum, { ms }) => sum + ms, 0))}  in all`);
}

/** @param note a line for those who lack the shared test data */
export function printSkipped(skipped, strict, note) {
  if (skipped.length === 0) return;
  console.log(`\nNot run here${strict ? " (a failure in CI)" : ""}:`);
  for (const title of skipped) console.log(`  ${title}`);
  if (note !== null) console.log(`  ${note}`);
}

/** Once more at the end: a log's beginning is often cut off. */
export function printFailures(failures) {
  if (failures.length > 0) console.log("\nFailed:");
  for (const title of failures) console.log(`  ${title.replaceAll("\n", "\n    ").slice(0, 2000)}`);
}
