/** The settings of a control as its method's schema has them. What is wrong stays as it was typed, with why below. */
import { useState } from "preact/hooks";
import type { MethodEntry } from "../../daemon/protocol/api/experiment.ts";
import type { ArtifactEntry } from "../../daemon/protocol/api/library.ts";
import type { With } from "../../daemon/protocol/preset.ts";
import { fieldsOf } from "../../daemon/protocol/rules/form.ts";
import { SchemaFields } from "../forms/fields.tsx";
import { paramsOf, type Values } from "../forms/values.ts";
import { layersProblem, layersText } from "./layers.ts";

interface Props {
  readonly method: MethodEntry;
  readonly artifact: ArtifactEntry | undefined;
  readonly settings: With;
  readonly onChange: (settings: With) => void;
}

export function MethodSettings({ method, artifact, settings, onChange }: Props) {
  const [draft, setDraft] = useState<Values>({});
  const schema = method.control.params;
  const values = { ...valuesOf(settings), ...draft };
  const wrong = problemOf(schema, values, artifact?.model.layers);
  const change = (path: string, value: string) => {
    const next = { ...values, [path]: value };
    if (problemOf(schema, next, artifact?.model.layers) !== null) return setDraft({ ...draft, [path]: value });
    setDraft({});
    const made = paramsOf(optional(schema), next, { kind: method.kind });
    if ("params" in made) onChange(made.params);
  };
  return (
    <>
      <SchemaFields schema={schema} values={values} onChange={change} placeholders={valuesOf(artifact?.settings ?? {})} />
      {wrong !== null && (
        <p class="field-error wide" role="alert">
          {wrong}
        </p>
      )}
    </>
  );
}

/** null: nothing is wrong */
export function problemOf(schema: MethodEntry["control"]["params"], values: Values, layers: number | undefined): string | null {
  const made = paramsOf(optional(schema), values, { kind: null });
  if ("problem" in made) return made.problem;
  const places = fieldsOf(schema).filter(({ widget }) => widget === "layers");
  return places.map(({ key }) => layersProblem(values[key] ?? "", layers)).find((problem) => problem !== null) ?? null;
}

/** The artifact says what the control does not. */
function optional(schema: MethodEntry["control"]["params"]): MethodEntry["control"]["params"] {
  return { ...schema, required: [] };
}

export function valuesOf(settings: With): Values {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      key,
      Array.isArray(value) && value.every((one) => typeof one === "number")
        ? layersText(value)
        : typeof value === "string"
          ? value
          : JSON.stringify(value),
    ]),
  );
}
