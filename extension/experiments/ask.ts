/** One field of a form, asked for in the way of its kind. */
import { Uri, window, workspace } from "vscode";
import type { JudgeEntry } from "../../daemon/protocol/api/library.ts";
import type { Field } from "../../daemon/protocol/rules/form.ts";
import { readText } from "./read-text.ts";

export interface Asking {
  readonly judges: () => Promise<readonly JudgeEntry[]>;
  readonly artifacts: () => Promise<readonly string[]>;
  /** kind of artifacts that the experiment makes: a name becomes `kind/name` */
  readonly kind: string | null;
  readonly form?: (field: Field, given: Readonly<Record<string, unknown>>) => Promise<Readonly<Record<string, unknown>> | null>;
}

/** null: to be taken out. undefined: the user left the question */
export type Answer = { readonly value: unknown } | undefined;

export function askField(field: Field, value: unknown, asking: Asking): Promise<Answer> {
  switch (field.widget) {
    case "boolean":
      return pick(field, [
        ["true", "yes"],
        ["false", "no"],
      ]).then((answer) => answer && { value: answer.value === "true" });
    case "select":
    case "site":
      return pick(field, field.options);
    case "judge":
      return askJudge(field, asking);
    case "artifact":
      return asking.artifacts().then((ids) =>
        pick(
          field,
          ids.map((id) => [id, ""] as const),
        ),
      );
    case "file":
      return askFile(field);
    case "object":
      return asking.form!(field, (value ?? {}) as Record<string, unknown>).then((inner) => (inner === null ? undefined : { value: inner }));
    default:
      return askText(field, value, asking);
  }
}

async function pick({ title, help, required }: Field, options: readonly (readonly [string, string])[]): Promise<Answer> {
  const items = options.map(([label, detail]) => ({ label, detail, none: false }));
  const none = required ? [] : [{ label: "$(dash) as it is by itself", detail: "", none: true }];
  const chosen = await window.showQuickPick([...items, ...none], { title, placeHolder: help, ignoreFocusOut: true, matchOnDetail: true });
  return chosen === undefined ? undefined : { value: chosen.none ? null : chosen.label };
}

/** A judge with its label or figure. */
async function askJudge(field: Field, { judges }: Asking): Promise<Answer> {
  const entries = await judges();
  const items = entries.flatMap(({ id, title, labels, values }) => [
    ...labels.map((label) => ({ label: `${id}/${label}`, detail: title, judge: { id, label } })),
    ...values.map((value) => ({ label: `${id}:${value}`, detail: title, judge: { id, value } })),
  ]);
  const options = { title: field.title, placeHolder: field.help, ignoreFocusOut: true, matchOnDetail: true };
  const none = { label: "$(dash) none", detail: "", judge: null };
  const chosen = await window.showQuickPick([...(field.required ? [] : [none]), ...items], options);
  return chosen === undefined ? undefined : { value: chosen.judge };
}

/** A file's bytes, in base64, as the protocol carries them. */
async function askFile({ title, schema }: Field): Promise<Answer> {
  const accept = String(schema["accept"] ?? "")
    .split(",")
    .map((one) => one.trim().replace(/^\./, ""))
    .filter((one) => one !== "");
  const files = await window.showOpenDialog({
    title,
    canSelectMany: false,
    ...(accept.length === 0 ? {} : { filters: { [title]: accept } }),
  });
  const [file] = files ?? [];
  return file === undefined ? undefined : { value: Buffer.from(await workspace.fs.readFile(file)).toString("base64") };
}

/** Typed; several texts or pairs may be in a file instead, whose name is typed. */
async function askText(field: Field, value: unknown, { kind }: Asking): Promise<Answer> {
  const many = field.widget === "texts" || field.widget === "pairs";
  const prompt = many ? `${field.help}${field.help === "" ? "" : ". "}${MANY[field.widget as keyof typeof MANY]}` : field.help;
  const example = field.schema["example"];
  const text = await window.showInputBox({
    title: field.title,
    prompt,
    value: typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value),
    placeHolder: typeof example === "string" ? example : String(field.initial ?? ""),
    ignoreFocusOut: true,
    validateInput: (typed) => (isFile(typed) && many ? null : problemOf(field, typed, kind)),
  });
  if (text === undefined) return undefined;
  const said = many && isFile(text) ? new TextDecoder().decode(await workspace.fs.readFile(fileOf(text))) : text;
  const read = readText(field, said, kind);
  if ("problem" in read) throw new Error(`${field.title}: ${read.problem}`);
  return { value: read.value };
}

const MANY = {
  texts: "One text between each two |, or the path of a file with one a line",
  pairs: "With => without, and | between pairs; or the path of a file of JSON lines with positive and negative",
} as const;

function problemOf(field: Field, text: string, kind: string | null): string | null {
  const read = readText(field, text, kind);
  return "problem" in read ? read.problem : null;
}

function isFile(text: string): boolean {
  return /\.(jsonl?|txt)$/i.test(text.trim());
}

function fileOf(text: string): Uri {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  return /^([/\\]|[A-Za-z]:)/.test(text.trim()) || folder === undefined ? Uri.file(text.trim()) : Uri.joinPath(folder, text.trim());
}
