/** Markdown by hand: tables and sections. */
import type { Schema } from "./api-schema.ts";
import { fieldsOf, typeText } from "./type-text.ts";

export function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [line(headings), `|${headings.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

/** What a client writes: with defaults. */
export function inputTable(schema: Schema): string {
  const rows = fieldsOf(schema).map(({ name, type, required, default: value, description }) => [
    `\`${name}\``,
    type,
    required ? "yes" : value === undefined ? "" : `\`${JSON.stringify(value)}\``,
    description,
  ]);
  return rows.length === 0 ? "None." : markdownTable(["field", "type", "needed, or default", "meaning"], rows);
}

/** What the daemon sends. */
export function outputTable(schema: Schema): string {
  const rows = fieldsOf(schema).map(({ name, type, required, description }) => [
    `\`${name}\`${required ? "" : " (may be absent)"}`,
    type,
    description,
  ]);
  return markdownTable(["field", "type", "meaning"], rows);
}

/** A table for objects, a line for anything else. */
export function described(schema: Schema, table: (schema: Schema) => string): string {
  const whole = schema.$ref === undefined && schema.properties !== undefined;
  const note = schema.description === undefined ? "" : `${sentence(schema.description)}\n\n`;
  return whole ? `${note}${table(schema)}` : `${note}${sentence(typeText(schema))}`;
}

/** A bold word before a line, above a table. */
export function labelled(label: string, text: string): string {
  return `**${label}.**${text.startsWith("|") ? "\n\n" : " "}${text}`;
}

export function sentence(text: string): string {
  const first = text.charAt(0);
  return `${first === "`" || first === "[" ? text : first.toUpperCase() + text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}

export function section(level: number, title: string, ...parts: readonly string[]): string {
  return [`${"#".repeat(level)} ${title}`, ...parts.filter((part) => part !== "")].join("\n\n");
}
