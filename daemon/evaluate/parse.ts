/** Text of an evaluation (`*.eval.yaml`) to a checked specification; problems say where. */
import { parseDocument } from "yaml";
import { TillerError } from "../protocol/errors.ts";
import { type EvaluationSpec, EvaluationSpecSchema } from "../protocol/evaluation.ts";

/** @throws TillerError bad-preset with the field, or the line for text that is no YAML */
export function parseEvaluation(text: string, name: string): EvaluationSpec {
  const document = parseDocument(text, { strict: true, uniqueKeys: true });
  const error = document.errors[0];
  if (error !== undefined) {
    const [start] = error.linePos ?? [{ line: 1, col: 1 }];
    throw new TillerError("bad-preset", `${name}, line ${start.line}: ${error.message.split("\n")[0]}`, {
      line: start.line,
      column: start.col,
    });
  }
  const parsed = EvaluationSpecSchema.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const unknown = issue.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const field = [...issue.path, ...(unknown === undefined ? [] : [unknown])].map(String).join(".");
  throw new TillerError(
    "bad-preset",
    `${name}: ${field === "" ? "" : `${field}: `}${unknown === undefined ? issue.message : "unknown key"}`,
    {
      field,
    },
  );
}
