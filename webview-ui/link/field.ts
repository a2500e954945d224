/** The field that an error names: what people call it, and which part of the page can change it. */

/** Where a value of the page is changed; null: nowhere in particular. */
export type FieldPlace = "sampling" | "sliders" | null;

/** `steering.rack.controls.joy.layers` and the like, wherever the request had them. */
export function placeOf(field: string): FieldPlace {
  if (/^(sampling|stop)\b/.test(field)) return "sampling";
  return /^(steering|rack|controls|set|hold|scope|when)\b/.test(field) ? "sliders" : null;
}

const WORDS: Readonly<Record<string, string>> = {
  uri: "the address",
  asked: "the prompt that asks for the same",
  id: "the name",
  stop: "stop strings",
  messages: "the conversation",
};

/** `controls.joy.layers` → `slider joy, layers`; `sampling.topK` → `top k`. */
export function fieldName(field: string): string {
  const parts = field.split(".").filter((part) => part !== "" && !WRAPPERS.has(part));
  if ((parts[0] === "controls" || parts[0] === "set") && parts[1] !== undefined)
    return [`slider ${parts[1]}`, ...parts.slice(2).map(plain)].join(", ");
  return parts.map(plain).join(", ");
}

/** What only says in which part of the request a field lies. */
const WRAPPERS = new Set(["steering", "rack", "sampling", "params", "spec", "options", "by"]);

function plain(part: string): string {
  if (/^\d+$/.test(part)) return `no. ${Number(part) + 1}`;
  return WORDS[part] ?? part.replaceAll(/(?<=[a-z0-9])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** The message without the field's inner name before its colon: `uri: not a URL` → `the address: not a URL`. */
export function plainMessage(message: string, field: string | undefined): string {
  // The client's own sentence names the method; to a person it was one question.
  const text = message.replace(/^(the connection was lost) before [\w.]+ was answered/, "$1 before the daemon answered");
  const match = /^([\w-]+(?:\.[\w-]+)*): (?=\S)/.exec(text);
  if (match === null) return text;
  const named = match[1]!;
  const inner = named === field || field?.endsWith(`.${named}`) === true || placeOf(named) !== null;
  const name = inner ? fieldName(field?.endsWith(named) === true ? field : named) : "";
  return name === "" ? text : `${name}: ${text.slice(match[0].length)}`;
}
