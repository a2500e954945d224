/** The fields of "New slider". */
import type { ContrastForm } from "./contrast.ts";

/** Id of the name's field. */
export const NAME_FIELD = "new-slider-name";

interface Props {
  form: ContrastForm;
  change: (part: Partial<ContrastForm>) => void;
}

export function ContrastFields({ form, change }: Props) {
  return (
    <>
      <label class="field">
        <span>Name</span>
        <input
          id={NAME_FIELD}
          required={form.kind !== "words"}
          maxLength={64}
          value={form.name}
          placeholder="Formal"
          onInput={(event) => change({ name: event.currentTarget.value })}
        />
      </label>
      <fieldset class="choice">
        <legend class="hidden">From</legend>
        <Choice name="kind" value="templates" form={form} change={change} title="Two templates and texts" />
        <Choice name="kind" value="pairs" form={form} change={change} title="Contrast pairs" />
        <Choice name="kind" value="words" form={form} change={change} title="Words" />
      </fieldset>
      {form.kind === "words" ? <Words form={form} change={change} /> : <Texts form={form} change={change} />}
      <details>
        <summary>How it is found</summary>
        <div class="fields">
          {form.kind !== "words" && <How form={form} change={change} />}
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

/** What the model is told to do, and what not: it writes the texts itself. */
function Words({ form, change }: Props) {
  return (
    <>
      <Line
        title="A word, or a sentence that asks for it"
        placeholder="sarcasm, or: Answer like a pirate."
        value={form.from}
        onInput={(from) => change({ from })}
      />
      <Line
        title="Against, if not plain answers"
        placeholder="Answer seriously."
        value={form.opposite}
        onInput={(opposite) => change({ opposite })}
      />
      <Line
        title="Judge that keeps the pairs and measures the slider, if any"
        placeholder="emotion/joy, language/es, length:words"
        value={form.judge}
        onInput={(judge) => change({ judge })}
      />
    </>
  );
}

function Texts({ form, change }: Props) {
  if (form.kind === "pairs")
    return (
      <div class="two" key="pairs">
        <Area title="With the property, one text a line" rows={6} value={form.withIt} onInput={(withIt) => change({ withIt })} />
        <Area title="Without it, line for line" rows={6} value={form.withoutIt} onInput={(withoutIt) => change({ withoutIt })} />
      </div>
    );
  return (
    <>
      <div class="two" key="templates">
        <Area title="Template with the property" rows={2} value={form.positive} onInput={(positive) => change({ positive })} />
        <Area title="Template without it" rows={2} value={form.negative} onInput={(negative) => change({ negative })} />
      </div>
      <Area title="Texts for {}, one a line" rows={5} value={form.texts} onInput={(texts) => change({ texts })} />
    </>
  );
}

function How({ form, change }: Props) {
  return (
    <>
      <Pick title="Method" value={form.method} options={["mean-difference", "pca"]} onChange={(method) => change({ method })} />
      <Pick title="Read as" value={form.render} options={["raw", "chat"]} onChange={(render) => change({ render })} />
      <Pick title="Read at" value={form.readAt} options={["last", "mean"]} onChange={(readAt) => change({ readAt })} />
      <Pick title="Site" value={form.site} options={["resid", "attn.out", "mlp.out"]} onChange={(site) => change({ site })} />
    </>
  );
}

function Line({ title, ...rest }: { title: string; placeholder: string; value: string; onInput: (value: string) => void }) {
  return (
    <label class="field">
      <span>{title}</span>
      <input maxLength={300} {...rest} onInput={(event) => rest.onInput(event.currentTarget.value)} />
    </label>
  );
}

function Choice({ name, value, form, change, title }: Props & { name: "kind"; value: ContrastForm["kind"]; title: string }) {
  return (
    <label>
      <input type="radio" name={name} value={value} checked={form.kind === value} onChange={() => change({ kind: value })} />
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
