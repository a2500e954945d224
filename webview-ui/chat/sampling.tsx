/** How the next token is drawn. An empty field leaves the daemon's default. */
import { useId, useState } from "preact/hooks";
import { DEFAULT_SAMPLING } from "../store/initial.ts";
import { useApp, useStore } from "../store/store.ts";
import { Icon } from "../ui/icon.tsx";
import { NumberInput, useNumberProblem } from "../ui/number-field.tsx";
import { MORE_SAMPLING_FIELDS, SAMPLING_FIELDS, type SamplingField } from "./sampling-fields.ts";

export function SamplingPanel() {
  const { store } = useApp();
  const stop = useStore((state) => state.sampling.stop);
  const mirostat = useStore((state) => state.sampling.values.mirostat);
  const preset = useStore((state) => state.rack.rest.sampling);
  // Resetting replaces what was typed and could not be used, too: other fields with the new numbers.
  const [resets, setResets] = useState(0);
  return (
    <fieldset class="sampling">
      <legend>
        Sampling
        <button
          type="button"
          class="quiet"
          onClick={() => {
            store.dispatch({ type: "sampling", values: { ...DEFAULT_SAMPLING, ...withoutSeed(preset) }, replace: true });
            setResets(resets + 1);
          }}
        >
          <Icon name="reset" />
          {preset === undefined ? "Reset" : "Reset to the preset’s"}
        </button>
      </legend>
      <div class="fields">
        {SAMPLING_FIELDS.map((field) => (
          <NumberField key={`${field.key}/${resets}`} field={field} />
        ))}
        <label class="field wide" title="One per line; the answer ends before the first that appears">
          <span>Stop strings, one a line</span>
          <textarea
            rows={2}
            value={stop.join("\n")}
            onChange={({ currentTarget: { value } }) =>
              store.dispatch({
                type: "sampling/options",
                options: {
                  stop: value
                    .split("\n")
                    .filter((line) => line !== "")
                    .slice(0, 16),
                },
              })
            }
          />
        </label>
      </div>
      <details>
        <summary>More samplers</summary>
        <div class="fields">
          {MORE_SAMPLING_FIELDS.map((field) => (
            <NumberField key={`${field.key}/${resets}`} field={field} />
          ))}
          <label class="field">
            <span>Mirostat</span>
            <select
              value={String(mirostat ?? 0)}
              onChange={({ currentTarget: { value } }) =>
                store.dispatch({
                  type: "sampling",
                  values: value === "0" ? { mirostat: undefined } : { mirostat: value === "1" ? 1 : 2 },
                } as never)
              }
            >
              <option value="0">off</option>
              <option value="1">1</option>
              <option value="2">2</option>
            </select>
          </label>
        </div>
      </details>
    </fieldset>
  );
}

function NumberField({ field: { key, title, min, max, step, hint } }: { field: SamplingField }) {
  const { store } = useApp();
  const value = useStore((state) => state.sampling.values[key]);
  const field = useId();
  const { problem, setProblem, id } = useNumberProblem();
  return (
    <div>
      <label class="field" title={hint} for={field}>
        <span>{title}</span>
        <NumberInput
          id={field}
          title={title}
          min={min}
          max={max}
          whole={step === 1}
          step={step}
          value={value}
          placeholder="default"
          describedBy={id}
          onProblem={setProblem}
          onValue={(next) => store.dispatch({ type: "sampling", values: { [key]: next } as never })}
        />
      </label>
      {problem !== null && (
        <p class="field-error" id={id} role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

function withoutSeed<T extends { seed?: number | undefined }>(sampling: T | undefined): Omit<T, "seed"> | undefined {
  if (sampling === undefined) return undefined;
  const { seed: _, ...rest } = sampling;
  return rest;
}
