/** mocha's spec reporter that also leaves its counts, and what failed or did not run, in a file for scripts/test.mjs. */
const { writeFileSync } = require("node:fs");
const Mocha = require("mocha");

module.exports = class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const pending = [];
    const failures = [];
    runner.on("pending", (test) => pending.push(test.skipReason ? `${test.fullTitle()} (${test.skipReason})` : test.fullTitle()));
    runner.on("fail", (test, error) => failures.push(`${test.fullTitle()}: ${error?.message ?? error}`));
    runner.once("end", () => {
      const report = { passed: this.stats.passes, failed: this.stats.failures, failures, pending };
      if (process.env.TILLER_TEST_REPORT) writeFileSync(process.env.TILLER_TEST_REPORT, JSON.stringify(report));
    });
  }
};
