import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { compileChecks, type Sanitizer } from "../../daemon/native/compile.ts";
import { REPOSITORY, skip } from "../support/shared.ts";

const MODEL = join(REPOSITORY, "presets", "tiller-mini.gguf");
const CHECKS = [
  "answers are the same whatever is asked for beside them",
  "and where decodes begin before they are asked for",
  "two decoders of one model, each with an owner of its own",
  "taps, probes and accumulators",
  "what cannot be is refused",
  "closed and dropped in every state",
];
const OPTIONS = {
  TSAN_OPTIONS: `suppressions=${join(REPOSITORY, "test", "native", "thread.supp")}`,
  ASAN_OPTIONS: "detect_leaks=1",
};

function hasSanitizer(name: Sanitizer): boolean {
  const arguments_ = [`-fsanitize=${name}`, "-x", "c++", "-", "-o", "/dev/null"];
  return spawnSync(process.env["CXX"] ?? "c++", arguments_, { input: "int main() { return 0; }" }).status === 0;
}

/** Randomised addresses may lie where the sanitizer has its own. */
function run(program: string, ggml: string) {
  const env = { ...process.env, ...OPTIONS };
  const done = spawnSync(program, [MODEL, ggml], { env, encoding: "utf8" });
  if (!done.stderr.includes("unexpected memory mapping")) return done;
  return spawnSync("setarch", ["-R", program, MODEL, ggml], { env, encoding: "utf8" });
}

describe("native: the decoder under sanitizers", () => {
  let checks: ReturnType<typeof compileChecks>;

  before(function () {
    if (process.platform !== "linux") skip(this, "needs Linux, whose sanitizers are used");
    if (!hasSanitizer("thread") || !hasSanitizer("address")) skip(this, "needs a C++ compiler with sanitizers: apt-get install g++");
    // our own C++ has no warnings, or this fails
    checks = compileChecks();
  });

  for (const sanitizer of ["thread", "address"] as const) {
    it(`finds nothing by the ${sanitizer} sanitizer`, () => {
      const { status, stdout, stderr } = run(checks.programs[sanitizer], checks.ggml);
      assert.equal(stderr, "");
      assert.deepEqual(
        stdout.trim().split("\n"),
        CHECKS.map((check) => `ok: ${check}`),
      );
      assert.equal(status, 0);
    });
  }
});
