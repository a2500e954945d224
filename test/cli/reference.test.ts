import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { createProgram } from "../../daemon/cli/program.ts";
import { METHODS, NOTIFICATIONS } from "../../daemon/protocol/api/index.ts";
import { ERROR_CODES } from "../../daemon/protocol/errors.ts";
import { documents } from "../../daemon/reference/reference.ts";
import { Cli } from "../support/cli.ts";
import type { Wire } from "../support/rpc.ts";
import { REPOSITORY } from "../support/shared.ts";

const DOCUMENTS = documents(createProgram());

describe("cli: the generated reference", () => {
  let cli: Cli;
  before(() => {
    cli = new Cli();
  });
  after(() => cli.dispose());

  it("is up to date; `npm run docs` brings it there", () => {
    for (const [name, text] of Object.entries(DOCUMENTS))
      assert.ok(readFileSync(join(REPOSITORY, "docs", name), "utf8") === text, `docs/${name} is out of date: run \`npm run docs\``);
  });

  it("describes every method, notification, error and command, and its links lead somewhere", () => {
    const text = DOCUMENTS["reference.md"]!;
    for (const name of [...Object.keys(METHODS), ...Object.keys(NOTIFICATIONS)]) assert.ok(text.includes(`\n### \`${name}\`\n`), name);
    for (const name of Object.keys(ERROR_CODES)) assert.match(text, new RegExp(`^\\| \`${name}\` \\|`, "m"));
    // As GitHub makes anchors: small letters, no punctuation but '-' and '_', '-' for a space.
    const anchors = new Set(
      [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
        title!
          .toLowerCase()
          .replace(/[^\w\- ]/g, "")
          .replaceAll(" ", "-"),
      ),
    );
    const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor!);
    assert.ok(links.length > 100);
    for (const anchor of links) assert.ok(anchors.has(anchor), anchor);
  });

  it("its JSON Schemas are whole: every reference is defined, params are closed, results are open", () => {
    const { $defs } = JSON.parse(DOCUMENTS["schema/api.schema.json"]!);
    const refs = [...JSON.stringify($defs).matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/g)].map(([, id]) => id!);
    for (const id of refs) assert.ok(Object.hasOwn($defs, id), id);
    for (const name of Object.keys(METHODS)) {
      const params = $defs[`${name}.params`].$ref === undefined ? $defs[`${name}.params`] : $defs[$defs[`${name}.params`].$ref.slice(8)];
      for (const choice of params.oneOf ?? [params]) assert.equal(choice.additionalProperties, false, name);
      assert.ok(!JSON.stringify($defs[`${name}.result`]).includes('"additionalProperties":false'), name);
    }
  });

  it("`tiller docs` prints it, and the schema of one method with all that it refers to", async () => {
    const { code, stdout } = await cli.run(["docs"]);
    assert.equal(code, 0);
    assert.equal(stdout, DOCUMENTS["reference.md"]);
    const schema: Wire = await cli.json(["docs", "generate.chat"]);
    assert.deepEqual(Object.keys(schema), ["params", "result", "$defs"]);
    for (const name of ["Steering", "Rack", "Control", "SteeringReport"]) assert.ok(name in schema.$defs, name);
    assert.equal((await cli.json(["docs", "preset"])).title, "Tiller steering preset");
    const error = await cli.refused(["docs", "generate.fly"]);
    assert.deepEqual([error.exit, error.code], [3, "not-found"]);
  });
});
