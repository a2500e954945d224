/** One control of a preset: its slider, where it acts, what is held, and what was measured of it. */
import { useEffect, useId, useState } from "preact/hooks";
import type { PanelControl } from "../../daemon/protocol/panel.ts";
import { Evidence, EvidenceMark } from "../evidence/evidence.tsx";
import type { PostPanel } from "../host/panel-channel.ts";
import { clampStrength, formatStrength, isOnStep, shareOf, stepOf } from "../rack/range.ts";
import { spokenStrength } from "../rack/spoken.ts";

interface Props {
  readonly control: PanelControl;
  readonly post: PostPanel;
}

const SCOPES = {
  all: "prompt and answer",
  prompt: "the prompt only",
  answer: "the answer only",
  writing: "the prompt's last token and the answer",
} as const;

export function PanelSlider({ control, post }: Props) {
  const { name, title, description, use, strength, range, scope, settings, hold, receipt, acting, problem } = control;
  const id = useId();
  /** where the thumb is while it is dragged; null: where the text says */
  const [dragged, setDragged] = useState<number | null>(null);
  useEffect(() => setDragged(null), [strength]);
  const value = dragged ?? strength;
  const step = stepOf(range, receipt === null ? [strength] : [strength, receipt.usable.low, receipt.usable.high]);
  const at = (one: number) => shareOf(one, range);
  const write = (one: number) => post({ kind: "set", path: ["controls", name, "strength"], value: clampStrength(one, range) });
  return (
    <li class="slider" data-name={name}>
      <div class="slider-head">
        <label class="slider-title" for={id} title={description}>
          {title}
        </label>
        <input
          type="number"
          class="number slider-number"
          aria-label={`${title}, strength`}
          min={range[0]}
          max={range[1]}
          step={step}
          value={value}
          onChange={({ currentTarget }) => Number.isFinite(currentTarget.valueAsNumber) && write(currentTarget.valueAsNumber)}
        />
        <button type="button" class="quiet" disabled={strength === 0} onClick={() => write(0)}>
          Off
        </button>
      </div>
      <input
        id={id}
        type="range"
        min={range[0]}
        max={range[1]}
        step={isOnStep(value, range[0], step) ? step : "any"}
        value={value}
        aria-valuetext={spokenStrength(value, true, receipt)}
        aria-describedby={`${id}-evidence`}
        style={{ "--from": at(Math.min(0, value)), "--to": at(Math.max(0, value)), "--zero": at(0) }}
        onInput={({ currentTarget }) => {
          setDragged(currentTarget.valueAsNumber);
          post({ kind: "move", control: name, strength: currentTarget.valueAsNumber });
        }}
        onChange={({ currentTarget }) => write(currentTarget.valueAsNumber)}
      />
      {receipt !== null && <EvidenceMark receipt={receipt} acting={acting} range={range} at={at} />}
      <div class="slider-ends number">
        <span aria-hidden="true">{formatStrength(range[0])}</span>
        <span>{settings === "" ? use : `${use}, ${settings}`}</span>
        <span aria-hidden="true">{formatStrength(range[1])}</span>
      </div>
      {problem !== null && (
        <p class="field-error" role="status">
          {problem}
        </p>
      )}
      <div class="row">
        <label class="field">
          <span>Acts on</span>
          <select
            value={scope}
            onChange={({ currentTarget }) =>
              post({ kind: "set", path: ["scope", name], value: currentTarget.value === "all" ? null : currentTarget.value })
            }
          >
            {Object.entries(SCOPES).map(([key, words]) => (
              <option key={key} value={key}>
                {words}
              </option>
            ))}
          </select>
        </label>
        {hold !== null && (
          <label class="field">
            <span>
              Holds {hold.probe} {hold.by === "floor" ? "at least at" : "at most at"}
            </span>
            <input
              type="number"
              class="number"
              step="any"
              value={hold.at}
              onChange={({ currentTarget }) =>
                Number.isFinite(currentTarget.valueAsNumber) &&
                post({ kind: "set", path: ["hold", name, "at"], value: currentTarget.valueAsNumber })
              }
            />
          </label>
        )}
      </div>
      <div class="evidence">
        {receipt === null ? (
          <span id={`${id}-evidence`}>no evidence of its effect measured yet</span>
        ) : (
          <Evidence id={id} receipt={receipt} acting={acting} strength={value} />
        )}
      </div>
    </li>
  );
}
