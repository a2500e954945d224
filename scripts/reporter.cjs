/**
 * mocha's spec reporter that also leaves its counts, what failed or did not run, and how long everything took, in a file for
 * scripts/test.mjs.
 */
const { writeFileSync } = require("node:fs");
const Mocha = require("mocha");

module.exports = class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const pending = [];
    const failures = [];
    const times = [];
    runner.on("pending", (test) => pending.push(test.fullTitle()));
    runner.on("fail", (test, error) => failures.push(`${test.fullTitle()}: ${error?.message ?? error}`));
    runner.on("test end", (test) => times.push({ title: test.fullTitle(), ms: test.duration ?? 0 }));
    // what a suite prepares counts as much as its tests
    runner.on("hook end", (hook) => times.push({ title: hook.fullTitle(), ms: hook.duration ?? 0 }));
    runner.once("end", () => {
      const report = { passed: this.stats.passes, failed: this.stats.failures, failures, pending, times };
      if (process.env.TILLER_TEST_REPORT) writeFileSync(process.env.TILLER_TEST_REPORT, JSON.stringify(report));
    });
  }
};
