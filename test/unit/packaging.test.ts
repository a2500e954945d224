/** What the package says of other people's work. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { REPOSITORY, skip } from "../support/shared.ts";

interface Component {
  readonly name: string;
  readonly version: string;
  readonly licenses: readonly object[];
}

describe("package: notices", () => {
  const file = (name: string): string => join(REPOSITORY, "dist", name);
  beforeEach(function () {
    if (!existsSync(file("sbom.json"))) skip(this, "needs the bundle: npm run build");
  });

  it("names every package that a bundle was made of, at the version that is installed, with its licence's text", () => {
    const { components } = JSON.parse(readFileSync(file("sbom.json"), "utf8")) as { components: readonly Component[] };
    const names = components.map(({ name }) => name);
    for (const name of [
      "preact",
      "katex",
      "lowlight",
      "mdast-util-from-markdown",
      "remend",
      "zod",
      "ws",
      "yaml",
      "node-llama-cpp",
      "llama.cpp",
      "vscode-languageclient",
      "@modelcontextprotocol/sdk",
    ])
      assert.ok(names.includes(name), `${name} is missing`);
    for (const name of ["mocha", "typescript", "esbuild"]) assert.ok(!names.includes(name), `${name} is not in the package`);
    const notices = readFileSync(file("NOTICES.md"), "utf8");
    for (const { name, version, licenses } of components) {
      assert.equal(licenses.length, 1);
      assert.ok(notices.includes(`## ${name} ${version}\n`));
    }
    const { version } = JSON.parse(readFileSync(join(REPOSITORY, "node_modules", "zod", "package.json"), "utf8"));
    assert.equal(components.find(({ name }) => name === "zod")!.version, version);
  });
});
