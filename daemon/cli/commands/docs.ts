/** `tiller docs`: the reference on the terminal, or a JSON Schema out of it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { TillerError } from "../../protocol/errors.ts";
import { packageRoot } from "../../store/paths.ts";
import { action, command } from "../action.ts";

export function addDocs(program: Command): void {
  command(
    program,
    "docs [schema]",
    "print the reference; or the JSON Schema of a method, such as generate.chat, of preset or of artifact",
  ).action(
    action(async ({ output }, [schema]) => {
      const folder = join(packageRoot(), "docs");
      if (schema === undefined) {
        const text = readFileSync(join(folder, "reference.md"), "utf8");
        await output.result({ reference: text, schemas: schemas(folder) }, () => text.trimEnd());
        return;
      }
      if (!schemas(folder).includes(schema)) {
        throw new TillerError("not-found", `there is no schema '${schema}'`, {
          field: "schema",
          suggestion: `There is ${schemas(folder).join(", ")}.`,
        });
      }
      await output.write(readFileSync(join(folder, "schema", `${schema}.schema.json`), "utf8"));
    }),
  );
}

function schemas(folder: string): string[] {
  return readdirSync(join(folder, "schema")).map((name) => name.replace(/\.schema\.json$/, ""));
}
