/** The fields of a form, from a JSON Schema with hints. One component for every method and experiment. */
import { useId, useState } from "preact/hooks";
import { type Field, fieldsOf, type JsonSchema } from "../../daemon/protocol/rules/form.ts";
import { chosenOf, languagesOf, type Values } from "./values.ts";

interface Props {
  readonly schema: JsonSchema;
  readonly values: Values;
  readonly onChange: (path: string, value: string) => void;
  /** names of judges, to choose from */
  readonly judges?: readonly string[];
  /** of fields that are not shown, because something else says them */
  readonly without?: readonly string[];
  /** what stands in empty fields, by path */
  readonly placeholders?: Readonly<Record<string, string>>;
}

export function SchemaFields({ schema, without = [], ...rest }: Props) {
  const fields = fieldsOf(schema).filter(({ key }) => !without.includes(key));
  const advanced = fields.filter((field) => field.advanced);
  return (
    <>
      <Fields fields={fields.filter((field) => !field.advanced)} prefix="" {...rest} />
      {advanced.length > 0 && (
        <details>
          <summary>More settings</summary>
          <div class="fields">
            <Fields fields={advanced} prefix="" {...rest} />
          </div>
        </details>
      )}
    </>
  );
}

type Rest = Omit<Props, "schema" | "without">;

function Fields({ fields, prefix, ...rest }: Rest & { fields: readonly Field[]; prefix: string }) {
  const groups = [...new Set(fields.map(({ group }) => group).filter((group) => group !== null))];
  return (
    <>
      {fields.map((field, index) => {
        const first = field.group !== null && fields.findIndex(({ group }) => group === field.group) === index;
        const shown = field.group === null || chosenOf(fields, field.group, rest.values) === field.key;
        return (
          <>
            {first && <Choice key={`@${field.group}`} fields={fields} group={field.group!} {...rest} />}
            {shown && (
              <One key={field.key} field={field} path={`${prefix}${field.key}`} bare={groups.includes(field.group ?? "")} {...rest} />
            )}
          </>
        );
      })}
    </>
  );
}

function Choice({ fields, group, values, onChange }: Rest & { fields: readonly Field[]; group: string }) {
  const name = useId();
  const chosen = chosenOf(fields, group, values);
  return (
    <fieldset class="choice">
      <legend class="hidden">{group}</legend>
      {fields
        .filter((field) => field.group === group)
        .reverse()
        .map(({ key, title }) => (
          <label key={key}>
            <input type="radio" name={name} checked={chosen === key} onChange={() => onChange(`@${group}`, key)} />
            <span>{title}</span>
          </label>
        ))}
    </fieldset>
  );
}

/** @param bare its title is said by the choice above it */
function One({ field, path, bare, ...rest }: Rest & { field: Field; path: string; bare: boolean }) {
  const { values, onChange, judges = [], placeholders = {} } = rest;
  const id = useId();
  const value = values[path] ?? "";
  const set = (text: string) => onChange(path, text);
  const example = placeholders[path] ?? (typeof field.schema["example"] === "string" ? field.schema["example"] : "");
  const input = {
    value,
    placeholder: example,
    onInput: (event: { currentTarget: { value: string } }) => set(event.currentTarget.value),
  };
  switch (field.widget) {
    case "object":
      return (
        <fieldset class="nested">
          <legend class={bare ? "hidden" : ""}>{field.title}</legend>
          <Fields fields={field.fields} prefix={`${path}.`} {...rest} />
        </fieldset>
      );
    case "pairs":
      return (
        <div class="two">
          <Area title="With the property, one text a line" path={`${path}.positive`} rows={6} {...rest} />
          <Area title="Without it, line for line" path={`${path}.negative`} rows={6} {...rest} />
        </div>
      );
    case "corpora":
      return <Corpora field={field} path={path} {...rest} />;
    case "texts":
      return <Area title={field.title} path={path} rows={5} {...rest} />;
    case "select":
    case "site":
      return (
        <label class="field" title={optionHelp(field, value) || field.help}>
          <span>{field.title}</span>
          <select value={value || String(field.initial ?? "")} onChange={(event) => set(event.currentTarget.value)}>
            {field.initial === undefined && <option value="">{example || "as the artifact has it"}</option>}
            {field.options.map(([option, help]) => (
              <option key={option} value={option} title={help}>
                {option}
              </option>
            ))}
          </select>
        </label>
      );
    case "boolean":
      return (
        <label class="field check" title={field.help}>
          <input
            type="checkbox"
            checked={(value || String(field.initial ?? "")) === "true"}
            onChange={(event) => set(String(event.currentTarget.checked))}
          />
          <span>{field.title}</span>
        </label>
      );
    case "number":
      return (
        <label class="field" title={field.help}>
          <span>{field.title}</span>
          <input type="number" step="any" class="number" {...input} placeholder={example || String(field.initial ?? "")} />
        </label>
      );
    case "judge":
      return (
        <label class="field" title={field.help}>
          <span>{field.title}</span>
          <input list={id} maxLength={100} {...input} />
          <datalist id={id}>
            {judges.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </label>
      );
    case "file":
      return (
        <label class="field" title={field.help}>
          <span>{field.title}</span>
          <input type="file" accept={String(field.schema["accept"] ?? "")} onChange={(event) => void readFile(event.currentTarget, set)} />
        </label>
      );
    case "json":
      return <Area title={field.title} path={path} rows={4} {...rest} />;
    default:
      return Number(field.schema["maxLength"] ?? 0) > 300 ? (
        <Area title={field.title} path={path} rows={2} {...rest} />
      ) : (
        <label class="field" title={field.help}>
          <span>{field.title}</span>
          <input data-path={path} maxLength={Number(field.schema["maxLength"] ?? 300)} {...input} />
        </label>
      );
  }
}

/** A text in each language: pasted, or from a file. */
function Corpora({ field, path, ...rest }: Rest & { field: Field; path: string }) {
  const { values, onChange } = rest;
  const [code, setCode] = useState("");
  const codes = languagesOf(path, values);
  const add = () => {
    const name = code.trim().toLowerCase();
    if (name === "" || codes.includes(name)) return;
    onChange(`${path}.${name}`, "");
    setCode("");
  };
  return (
    <fieldset class="nested">
      <legend title={field.help}>{field.title}</legend>
      {codes.map((name) => (
        <div key={name} class="two">
          <Area title={`Text in ${name}`} path={`${path}.${name}`} rows={3} {...rest} />
          <label class="field">
            <span>{`or a file in ${name}`}</span>
            <input
              type="file"
              accept=".txt"
              onChange={(event) => void event.currentTarget.files?.[0]?.text().then((text) => onChange(`${path}.${name}`, text))}
            />
          </label>
        </div>
      ))}
      <label class="field">
        <span>Add a language, such as es</span>
        <input value={code} maxLength={12} onInput={(event) => setCode(event.currentTarget.value)} />
      </label>
      <button type="button" disabled={code.trim() === ""} onClick={add}>
        Add
      </button>
    </fieldset>
  );
}

function Area({ title, path, rows, values, onChange }: Rest & { title: string; path: string; rows: number }) {
  return (
    <label class="field wide">
      <span>{title}</span>
      <textarea rows={rows} value={values[path] ?? ""} onInput={(event) => onChange(path, event.currentTarget.value)} />
    </label>
  );
}

function optionHelp({ options, initial }: Field, value: string): string {
  return options.find(([option]) => option === (value || String(initial ?? "")))?.[1] ?? "";
}

async function readFile(input: HTMLInputElement, set: (base64: string) => void): Promise<void> {
  const file = input.files?.[0];
  if (file === undefined) return set("");
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  set(btoa(text));
}
