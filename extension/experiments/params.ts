/** What stands in a form: what is missing, and what a new value does to the others. Pure. */
import type { Field } from "../../daemon/protocol/rules/form.ts";

export type Params = Readonly<Record<string, unknown>>;

/** Of a group one is needed: its last member stands for it. */
export function missingOf(fields: readonly Field[], params: Params): Field[] {
  return fields.filter((field, index) => {
    if (params[field.key] !== undefined) return false;
    if (field.group === null) return field.required && field.initial === undefined;
    const members = fields.filter(({ group }) => group === field.group);
    return members.every(({ key }) => params[key] === undefined) && fields.findLastIndex(({ group }) => group === field.group) === index;
  });
}

/** Members of a group exclude each other. null: taken out */
export function withValue(fields: readonly Field[], params: Params, field: Field, value: unknown): Params {
  const others = field.group === null ? [] : fields.filter(({ group }) => group === field.group).map(({ key }) => key);
  const kept = Object.entries(params).filter(([key]) => key !== field.key && !others.includes(key));
  return Object.fromEntries(value === null ? kept : [...kept, [field.key, value]]);
}

export function shownValue(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value) && value.length > 6) return `${value.length} entries`;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)} …` : text;
}
