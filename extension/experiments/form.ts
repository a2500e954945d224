/**
 * An experiment's form, made from its schema: a list of its fields with what stands in them. Choosing one asks for it in the way of
 * its kind; "Run" ends the form once nothing is missing. A new experiment needs nothing here.
 */
import { type QuickPickItem, QuickPickItemKind, window } from "vscode";
import { type Field, fieldsOf, type JsonSchema } from "../../daemon/protocol/rules/form.ts";
import { type Asking, askField } from "./ask.ts";
import { missingOf, type Params, shownValue, withValue } from "./params.ts";

interface Item extends QuickPickItem {
  readonly field?: Field;
  readonly run?: true;
  readonly more?: true;
}

/** @param given what stands in it at first @returns null: the user left it */
export async function fillForm(title: string, schema: JsonSchema, given: Params, asking: Asking): Promise<Params | null> {
  let params = given;
  let advanced = false;
  for (;;) {
    const fields = fieldsOf(schema);
    const missing = missingOf(fields, params);
    const items = itemsOf(fields, params, missing, advanced);
    const placeHolder =
      missing.length === 0 ? "Everything that is needed is there" : `Needed: ${missing.map((field) => field.title).join(", ")}`;
    const chosen = await window.showQuickPick(items, { title, placeHolder, ignoreFocusOut: true, matchOnDescription: true });
    if (chosen === undefined) return null;
    if (chosen.more) advanced = true;
    else if (chosen.run && missing.length === 0) return params;
    else {
      const field = chosen.field ?? missing[0]!;
      const answer = await askField(field, params[field.key], {
        ...asking,
        form: (one, inner) => fillForm(`${title}: ${one.title}`, one.schema, inner, asking),
      });
      if (answer !== undefined) params = withValue(fields, params, field, answer.value);
    }
  }
}

function itemsOf(fields: readonly Field[], params: Params, missing: readonly Field[], advanced: boolean): Item[] {
  const shown = fields.filter((field) => advanced || !field.advanced || params[field.key] !== undefined);
  const run: Item = { label: "$(play) Run", description: missing.length === 0 ? "" : `asks for ${missing[0]!.title} first`, run: true };
  const rows = shown.map((field): Item => {
    const mark = missing.includes(field) ? "$(circle-large-outline)" : params[field.key] === undefined ? "$(dash)" : "$(check)";
    return { label: `${mark} ${field.title}`, description: shownValue(params[field.key] ?? field.initial), detail: field.help, field };
  });
  const more = shown.length === fields.length ? [] : [{ label: "$(settings) More settings …", more: true as const }];
  return [run, { label: "", kind: QuickPickItemKind.Separator }, ...rows, ...more];
}
