/** A slider's settings in a few words, from the method's own schema: "add · layers 3, 4". Pure. */
import type { MethodEntry } from "../../daemon/protocol/api/experiment.ts";
import { fieldsOf } from "../../daemon/protocol/rules/form.ts";

export function settingsLine(settings: Readonly<Record<string, unknown>>, method: MethodEntry | undefined): string {
  const fields = method === undefined ? [] : fieldsOf(method.control.params).filter(({ advanced }) => !advanced);
  return fields
    .filter(({ key }) => settings[key] !== undefined)
    .map(({ key, widget, title }) => {
      const value = settings[key];
      if (widget === "select") return String(value);
      return `${title.toLowerCase()} ${Array.isArray(value) ? value.join(", ") : String(value)}`;
    })
    .join(" · ");
}
