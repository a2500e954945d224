/**
 * Runs one lane: a command, Python's unittest or mocha. Each gives { passed, failed, failures, skipped, times }, where times are
 * { title, ms } of single tests and of what they prepare.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { packageExtension } from "../package.mjs";
import { pythonWith } from "../python.mjs";
import { root } from "../setup.mjs";

const NOTHING = { passed: 0, failed: 0, failures: [], skipped: [], times: [] };

/** @param scratch folder for the lane's report; @param files mocha's files where not the whole lane is meant */
export function runLane(lane, { scratch, files = lane.files }) {
  if (lane.command !== undefined) return commandLane(lane);
  if (lane.python !== undefined) return pythonLane(lane);
  return mochaLane(lane, [files].flat(), scratch);
}

function commandLane(lane) {
  const done = spawnSync(process.execPath, lane.command, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  const failures = done.status === 0 ? [] : [`${lane.command.join(" ")} ended with ${done.status ?? done.signal}`];
  return { ...NOTHING, passed: 1 - failures.length, failed: failures.length, failures };
}

/** Python's unittest in training/, with whichever interpreter has the packages. */
function pythonLane(lane) {
  const cwd = join(root, "training");
  const python = pythonWith("gguf, numpy, py3langid, sentencepiece");
  if (python === undefined) {
    const line = "cd training && python3 -m venv .venv && .venv/bin/pip install -r requirements-evaluate.txt";
    return { ...NOTHING, skipped: [`needs Python 3.11 or newer and some packages: ${line}`] };
  }
  const done = spawnSync(python, ["-m", "unittest", "-v", ...lane.python], { cwd, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  process.stdout.write(done.stderr);
  const count = (pattern) => Number(pattern.exec(done.stderr)?.[1] ?? 0);
  const [ran, left] = [count(/^Ran (\d+) tests?/m), count(/skipped=(\d+)/)];
  const failed = count(/failures=(\d+)/) + count(/errors=(\d+)/);
  const skipped = [...done.stderr.matchAll(/skipped ['"](.+)['"]$/gm)].map((match) => match[1]);
  const failures = [...done.stderr.matchAll(/^(?:FAIL|ERROR): .+$/gm)].map((match) => match[0]);
  if (done.status !== 0 && failed === 0) return { ...NOTHING, passed: ran - left, failed: 1, failures: ["the lane ended badly"], skipped };
  return { ...NOTHING, passed: Math.max(0, ran - left - failed), failed, failures, skipped };
}

/** Files at the same time. */
function jobs(lane) {
  return lane.alone === true ? 1 : Math.min(4, availableParallelism());
}

function mochaLane(lane, files, scratch) {
  const report = join(scratch, `${lane.id}.json`);
  if (lane.package === true) packageExtension();
  const count = jobs(lane);
  const done = spawnSync(
    process.execPath,
    [
      join("node_modules", "mocha", "bin", "mocha.js"),
      ...files,
      ...["--reporter", join("scripts", "reporter.cjs"), "--timeout", "120000", "--exit"],
      ...(lane.browser === true ? ["--require", join("out", "test", "support", "one-browser.js")] : []),
      ...(count > 1 ? ["--require", join("out", "test", "support", "own-core.js"), "--parallel", "--jobs", String(count)] : []),
    ],
    { cwd: root, stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, TILLER_TEST_REPORT: report } },
  );
  if (!existsSync(report)) return { ...NOTHING, failed: 1, failures: [`the lane ended without a report (${done.status ?? done.signal})`] };
  const { passed, failed, failures, pending, times } = JSON.parse(readFileSync(report, "utf8"));
  const result = { passed, failed, failures, skipped: pending, times };
  if (done.status === 0 || failed > 0) return result;
  return { ...result, failed: 1, failures: [`the lane ended with ${done.status ?? done.signal}, with no test failed`] };
}
