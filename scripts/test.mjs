/**
 * `npm test [-- lane …]`: sets up what is missing, then runs the lanes one after the other and sums them up. A test that
 * cannot run here is skipped by name, with the line that installs what it lacks; with CI=true and the shared test data
 * present, a skipped test is a failure.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pythonWith } from "./python.mjs";
import { prepare, root } from "./setup.mjs";

const LANES = [
  {
    id: "check",
    title: "formatting, lint and import directions",
    command: ["node_modules/@biomejs/biome/bin/biome", "ci", "--error-on-warnings", "."],
  },
  { id: "unit", title: "pure parts", files: "out/test/unit/**/*.test.js" },
  { id: "engine", title: "the native core and the engine on real models", files: "out/test/engine/**/*.test.js" },
  { id: "daemon", title: "the daemon on a real socket", files: "out/test/daemon/**/*.test.js" },
  { id: "cli", title: "the command line", files: "out/test/cli/**/*.test.js" },
  { id: "real", title: "two real models, as a user has them", files: "out/test/real/**/*.test.js" },
  { id: "e2e", title: "the page in Chromium", files: "out/test/e2e/**/*.test.js" },
  {
    id: "card",
    title: "the embedded model's training data and card",
    python: ["test_training", "test_archive", "test_figures", "test_card"],
  },
];

prepare();

const shared = process.env.TILLER_SHARED ?? join(root, "..", "shared");
const strict = process.env.CI === "true" && existsSync(shared);
const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (!LANES.some((lane) => lane.id === name)) {
    console.error(`There is no lane '${name}'; there is ${LANES.map((lane) => lane.id).join(", ")}.`);
    process.exit(2);
  }
}

const scratch = mkdtempSync(join(tmpdir(), "tiller-test-"));
const total = { passed: 0, failed: 0 };
const skipped = [];
const failures = [];
for (const lane of LANES.filter((candidate) => wanted.length === 0 || wanted.includes(candidate.id))) {
  console.log(`\n=== ${lane.id}: ${lane.title}`);
  const started = Date.now();
  const result = lane.command !== undefined ? commandLane(lane) : lane.python !== undefined ? pythonLane(lane) : mochaLane(lane);
  total.passed += result.passed;
  total.failed += result.failed;
  skipped.push(...result.skipped.map((title) => `${lane.id}: ${title}`));
  failures.push(...result.failures.map((title) => `${lane.id}: ${title}`));
  console.log(
    `--- ${lane.id}: ${result.passed} passed, ${result.failed} failed, ${result.skipped.length} not run, ${Math.round((Date.now() - started) / 1000)} s`,
  );
}
rmSync(scratch, { recursive: true, force: true });

if (skipped.length > 0) {
  console.log(`\nNot run here${strict ? " (a failure in CI)" : ""}:`);
  for (const title of skipped) console.log(`  ${title}`);
  if (!existsSync(shared))
    console.log("  The tests on trained third-party models need the shared test data: set TILLER_SHARED to its folder.");
}
if (failures.length > 0) {
  // once more: a log's beginning is often cut off
  console.log("\nFailed:");
  for (const title of failures) console.log(`  ${title.replaceAll("\n", "\n    ").slice(0, 2000)}`);
}
if (strict) total.failed += skipped.length;
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);

function commandLane(lane) {
  const done = spawnSync(process.execPath, lane.command, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  const failures = done.status === 0 ? [] : [`${lane.command.join(" ")} ended with ${done.status ?? done.signal}`];
  return { passed: 1 - failures.length, failed: failures.length, failures, skipped: [] };
}

/** Python's unittest in training/, with whichever interpreter has the packages. */
function pythonLane(lane) {
  const cwd = join(root, "training");
  const python = pythonWith("gguf, numpy, py3langid, sentencepiece");
  if (python === undefined) {
    const line = "cd training && python3 -m venv .venv && .venv/bin/pip install -r requirements-evaluate.txt";
    return { passed: 0, failed: 0, failures: [], skipped: [`needs Python 3.11 or newer and some packages: ${line}`] };
  }
  const done = spawnSync(python, ["-m", "unittest", "-v", ...lane.python], { cwd, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  process.stdout.write(done.stderr);
  const count = (pattern) => Number(pattern.exec(done.stderr)?.[1] ?? 0);
  const [ran, left] = [count(/^Ran (\d+) tests?/m), count(/skipped=(\d+)/)];
  const failed = count(/failures=(\d+)/) + count(/errors=(\d+)/);
  const skipped = [...done.stderr.matchAll(/skipped ['"](.+)['"]$/gm)].map((match) => match[1]);
  const failures = [...done.stderr.matchAll(/^(?:FAIL|ERROR): .+$/gm)].map((match) => match[0]);
  if (done.status !== 0 && failed === 0) return { passed: ran - left, failed: 1, failures: ["the lane ended badly"], skipped };
  return { passed: Math.max(0, ran - left - failed), failed, failures, skipped };
}

function mochaLane(lane) {
  const report = join(scratch, `${lane.id}.json`);
  const done = spawnSync(
    process.execPath,
    [
      join("node_modules", "mocha", "bin", "mocha.js"),
      lane.files,
      "--reporter",
      join("scripts", "reporter.cjs"),
      "--timeout",
      "120000",
      "--exit",
    ],
    { cwd: root, stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, TILLER_TEST_REPORT: report } },
  );
  if (!existsSync(report)) {
    return { passed: 0, failed: 1, failures: [`the lane ended without a report (${done.status ?? done.signal})`], skipped: [] };
  }
  const { passed, failed, failures, pending } = JSON.parse(readFileSync(report, "utf8"));
  if (done.status === 0 || failed > 0) return { passed, failed, failures, skipped: pending };
  return { passed, failed: 1, failures: [`the lane ended with ${done.status ?? done.signal}, with no test failed`], skipped: pending };
}
