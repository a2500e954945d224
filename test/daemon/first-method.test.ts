/** The example of a method, added as one folder and one line to a copy of the sources: it is everywhere, and its slider works. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "mocha";
import { REPOSITORY } from "../support/shared.ts";

const SOURCES = [
  "daemon",
  "webview-ui",
  "extension",
  "language-server",
  "presets",
  "bin",
  "scripts",
  "package.json",
  "tsconfig.json",
  "tsconfig.base.json",
  "esbuild.mjs",
];
const GROUPS = [
  "measure.yaml",
  "artifact: nudge/first\nby: { judge: { id: length, value: words }, asked: Answer at length., strengths: [1] }\nn: 12\n",
];

describe("methods: the first of one's own", function () {
  this.timeout(600_000);

  it("needs a folder and a line, and appears on the command line, in the reference, the page's lists, presets and receipts", () => {
    const root = mkdtempSync(join(tmpdir(), "tiller-method-"));
    const home = join(root, "home");
    try {
      for (const name of SOURCES) cpSync(join(REPOSITORY, name), join(root, name), { recursive: true });
      symlinkSync(join(REPOSITORY, "node_modules"), join(root, "node_modules"));
      cpSync(join(REPOSITORY, "examples", "first-method"), join(root, "daemon", "methods", "nudge"), { recursive: true });
      const list = join(root, "daemon", "methods", "index.ts");
      const text = readFileSync(list, "utf8");
      const added = text
        .replace("directions as Method,", "$& nudge as Method,")
        .replace('import { elements } from "./elements/index.ts";', '$&\nimport { nudge } from "./nudge/index.ts";');
      assert.equal(added.match(/nudge/g)?.length, 3, "the import and the entry were added");
      writeFileSync(list, added);
      const node = (...args: string[]): string =>
        execFileSync(process.execPath, args, {
          cwd: root,
          encoding: "utf8",
          stdio: ["ignore", "pipe", "pipe"],
          env: { ...process.env, TILLER_HOME: home },
        });
      node(join("node_modules", "typescript", "bin", "tsc"), "-b", "daemon");
      node("esbuild.mjs");
      const tiller = (...args: string[]) => node(join("bin", "tiller.mjs"), ...args);

      assert.match(tiller("docs"), /### Nudge: `nudge\/…`[\s\S]*`layer`[\s\S]*### `nudge\/draw`/);
      assert.match(tiller("experiment", "show", "nudge/draw"), /^norm +default 4 +length of the vector/m);
      const run = tiller("experiment", "run", "nudge/draw", "--param", "id=nudge/first", "--param", "norm=6");
      assert.match(run, /nudge\/first is made\.[\s\S]*A vector of length 6\./);
      const preset = join(root, "nudged.steer.yaml");
      writeFileSync(preset, "tiller: 2\nname: Nudged\ncontrols:\n  n: { use: nudge/first, strength: 2, with: { layer: 3 } }\n");
      tiller("presets", "save", preset);
      const answer = JSON.parse(tiller("run", "--preset", "nudged", "--prompt", "Hello", "--seed", "1", "--max-tokens", "8", "--json"));
      assert.equal(answer.steered.summary, "steered: n 2 (nudge) at layer 3");
      const [name, yaml] = GROUPS as [string, string];
      writeFileSync(join(root, name), yaml);
      assert.match(tiller("experiment", "run", "receipt", "--params", join(root, name)), /nudge\/first is measured\./);
      const listed = JSON.parse(tiller("experiment", "list", "--json"));
      assert.ok(listed.some(({ id, method }: { id: string; method: string }) => id === "nudge/draw" && method === "nudge"));
      tiller("stop");
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});
