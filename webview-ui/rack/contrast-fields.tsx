/** The fields of "New slider". */
import type { ContrastForm } from "./contrast.ts";

interface Props {
  form: ContrastForm;
  change: (part: Partial<ContrastForm>) => void;
}

export function ContrastFields({ form, change }: Props) {
  const pairs = form.kind === "pairs";
  return (
    <>
      <label class="field">
        <span>Name</span>
        <input
          required
          maxLength={64}
          value={form.name}
          placeholder="joy"
          onInput={(event) => change({ name: event.currentTarget.value })}
        />
      </label>
      <fieldset class="choice">
        <legend class="hidden">From</legend>
        <Choice name="kind" value="templates" form={form} change={change} title="Two templates and texts" />
        <Choice name="kind" value="pairs" form={form} change={change} title="Contrast pairs" />
      </fieldset>
      <div class="two">
        <Area
          title={pairs ? "With the property, one text a line" : "Template with the property"}
          rows={pairs ? 6 : 2}
          value={form.positive}
          onInput={(positive) => change({ positive })}
        />
        <Area
          title={pairs ? "Without it, line for line" : "Template without it"}
          rows={pairs ? 6 : 2}
          value={form.negative}
          onInput={(negative) => change({ negative })}
        />
      </div>
      {!pairs && <Area title="Texts for {}, one a line" rows={5} value={form.texts} onInput={(texts) => change({ texts })} />}
      <details>
        <summary>How it is found</summary>
        <div class="fields">
          <Pick title="Method" value={form.method} options={["mean-difference", "pca"]} onChange={(method) => change({ method })} />
          <Pick title="Read as" value={form.render} options={["raw", "chat"]} onChange={(render) => change({ render })} />
          <Pick title="Read at" value={form.readAt} options={["last", "mean"]} onChange={(readAt) => change({ readAt })} />
          <Pick title="Site" value={form.site} options={["resid", "attn.out", "mlp.out"]} onChange={(site) => change({ site })} />
          <label class="field" title="How many layers the slider acts on: the ones that separate best">
            <span>Layers</span>
            <input
              type="number"
              class="number"
              min={1}
              max={64}
              value={form.layers}
              onInput={(event) => change({ layers: Math.max(1, Math.min(64, Math.round(event.currentTarget.valueAsNumber || 1))) })}
            />
          </label>
        </div>
      </details>
    </>
  );
}

function Choice({ name, value, form, change, title }: Props & { name: "kind"; value: ContrastForm["kind"]; title: string }) {
  return (
    <label>
      <input
        type="radio"
        name={name}
        value={value}
        checked={form.kind === value}
        onChange={() => change(value === "pairs" ? { kind: value, positive: "", negative: "" } : { kind: value })}
      />
      {title}
    </label>
  );
}

function Area({ title, rows, value, onInput }: { title: string; rows: number; value: string; onInput: (value: string) => void }) {
  return (
    <label class="field">
      <span>{title}</span>
      <textarea rows={rows} value={value} onInput={(event) => onInput(event.currentTarget.value)} />
    </label>
  );
}

interface PickProps<T extends string> {
  title: string;
  value: T;
  options: readonly T[];
  onChange: (value: T) => void;
}

function Pick<T extends string>({ title, value, options, onChange }: PickProps<T>) {
  return (
    <label class="field">
      <span>{title}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value as T)}>
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </label>
  );
}
