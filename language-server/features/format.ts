/** A preset's text in one style: two spaces, at most 120 columns; comments, order and the choice between lines and braces stay. */
import { isDeepStrictEqual } from "node:util";
import { type FormattingOptions, TextEdit } from "vscode-languageserver";
import { readYaml } from "../../daemon/compiler/yaml.ts";
import type { SteerText } from "../text.ts";

/** Nothing of a text with mistakes. */
export function format(text: SteerText, { insertFinalNewline = true }: Partial<FormattingOptions>): TextEdit[] {
  const { document, problems } = readYaml(text.text);
  if (problems.length > 0) return [];
  const written = document.toString({ lineWidth: 120, indent: 2 });
  const formatted = insertFinalNewline || text.text.endsWith("\n") ? written : written.replace(/\n$/, "");
  // whatever a formatter does, it says the same
  if (formatted === text.text || !isDeepStrictEqual(readYaml(formatted).document.toJS(), document.toJS())) return [];
  return [TextEdit.replace(text.range([0, text.text.length]), formatted)];
}
