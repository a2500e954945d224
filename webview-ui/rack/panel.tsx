/** The rack: preset chooser, the sliders, and ways to get more of them. */
import { useState } from "preact/hooks";
import { NewSlider } from "../experiments/new-slider.tsx";
import { Jobs } from "../jobs/jobs.tsx";
import { PresetBar } from "../presets/preset-bar.tsx";
import { useApp, useStore } from "../store/store.ts";
import { focusNext } from "../ui/focus.ts";
import { Icon } from "../ui/icon.tsx";
import { IdleButton } from "../ui/idle-button.tsx";
import { ProblemCard } from "../ui/problem-card.tsx";
import { AddControl } from "./add-control.tsx";
import { ADD, NEW_SLIDER } from "./panel-ids.ts";
import { Slider } from "./slider.tsx";
import { sliderSelector } from "./slider-selector.ts";
import { Undo } from "./undo.tsx";

export function RackPanel() {
  const { store } = useApp();
  const open = useStore((state) => state.slidersOpen);
  const rack = useStore((state) => state.rack);
  const [adding, setAdding] = useState(false);
  const [making, setMaking] = useState(false);
  const when = Object.entries(rack.rest.when ?? {});
  const doneAdding = (name: string | null) => {
    setAdding(false);
    focusNext(name === null ? `#${ADD}` : sliderSelector(name));
  };
  return (
    <section class="panel rack" aria-labelledby="rack-title">
      <header class="panel-head">
        <h2 id="rack-title">
          <button
            type="button"
            class="fold"
            aria-expanded={open}
            onClick={() => store.dispatch({ type: "panel", panel: "sliders", open: !open })}
          >
            <Icon name="chevron" />
            Sliders
          </button>
        </h2>
        {open && <ResetAll />}
      </header>
      {open && (
        <div class="panel-body">
          <PresetBar />
          <Undo />
          {rack.description !== "" && <p class="hint">{rack.description}</p>}
          {rack.problem !== null && (
            <ProblemCard problem={rack.problem} onDismiss={() => store.dispatch({ type: "rack/problem", problem: null })} />
          )}
          {rack.controls.length === 0 ? (
            <p class="empty">No sliders yet. Choose a preset, add one from the artifacts, or make a new one.</p>
          ) : (
            <ul class="sliders" aria-label="Sliders">
              {rack.controls.map((slider) => (
                <Slider key={slider.name} slider={slider} />
              ))}
            </ul>
          )}
          {when.length > 0 && <p class="hint">Acts only while {when.map(([probe, gate]) => `${probe} ${gate}`).join(" and ")}.</p>}
          <div class="row">
            <button type="button" id={ADD} aria-expanded={adding} onClick={() => setAdding(!adding)}>
              <Icon name="plus" />
              Add
            </button>
            <button type="button" id={NEW_SLIDER} onClick={() => setMaking(true)}>
              <Icon name="sliders" />
              New slider …
            </button>
          </div>
          {adding && <AddControl onDone={doneAdding} />}
          <Jobs />
          {making && <NewSlider onClose={() => setMaking(false)} />}
        </div>
      )}
    </section>
  );
}

function ResetAll() {
  const { store } = useApp();
  const controls = useStore((state) => state.rack.controls);
  const moved = controls.filter(({ control, base }) => control.strength !== base);
  return (
    <IdleButton
      idle={moved.length === 0}
      onClick={() => {
        for (const { name, base } of moved) store.dispatch({ type: "rack/strength", name, strength: base });
      }}
    >
      <Icon name="reset" />
      Reset all
    </IdleButton>
  );
}
