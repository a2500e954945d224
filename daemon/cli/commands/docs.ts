/** `tiller docs`: the reference on the terminal, or a JSON Schema out of it, made from the schemas on the spot. */
import type { Command } from "commander";
import { TillerError } from "../../protocol/errors.ts";
import { action, command } from "../action.ts";

export function addDocs(program: Command): void {
  command(
    program,
    "docs [schema]",
    "print the reference; or the JSON Schema of a method, such as generate.chat, of preset or of artifact",
  ).action(
    action(async ({ output }, [name]) => {
      // Loaded here, so that no other command waits for it.
      const { documents, schemaNamed, schemaNames } = await import("../../reference/reference.ts");
      if (name === undefined) {
        await output.result({ reference: documents(program)["reference.md"]!, schemas: schemaNames() }, ({ reference }) =>
          reference.trimEnd(),
        );
        return;
      }
      const schema = schemaNamed(name);
      if (schema === null) {
        throw new TillerError("not-found", `there is no schema '${name}'`, {
          field: "schema",
          suggestion: `There is ${schemaNames().join(", ")}.`,
        });
      }
      await output.line(output.json ? JSON.stringify(schema) : JSON.stringify(schema, null, 2));
    }),
  );
}
