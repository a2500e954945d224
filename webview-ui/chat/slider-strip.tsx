/** Where the sliders are a view of their own: what steers, above the composer, and the first sliders small. */
import { useId } from "preact/hooks";
import { receiptOf } from "../../daemon/protocol/rules/control.ts";
import { formatStrength } from "../rack/range.ts";
import { StrengthRange } from "../rack/strength-range.tsx";
import type { RackControl } from "../store/state.ts";
import { useApp, useStore } from "../store/store.ts";
import { useNarrow } from "../ui/narrow.ts";
import { stripOf } from "./strip.ts";

export function SliderStrip() {
  const narrow = useNarrow();
  const rack = useStore((state) => state.rack);
  const { store } = useApp();
  if (!narrow || rack.controls.length === 0) return null;
  const { shown, more } = stripOf(rack);
  return (
    <section class="strip" aria-label="Sliders that are on">
      <p class="strip-head">
        <strong>{rack.preset === null ? "Own sliders" : rack.name}</strong>
        {rack.dirty && rack.preset !== null && <span>(changed)</span>}
        {shown.length === 0 && <span>— every slider is off</span>}
        {more > 0 && (
          <button type="button" class="quiet" onClick={() => store.dispatch({ type: "view", view: "sliders" })}>
            +{more} more
          </button>
        )}
      </p>
      {shown.length > 0 && (
        <ul>
          {shown.map((slider) => (
            <SmallSlider key={slider.name} slider={slider} />
          ))}
        </ul>
      )}
    </section>
  );
}

function SmallSlider({ slider }: { slider: RackControl }) {
  const { store } = useApp();
  const { name, control } = slider;
  const receipt = useStore((state) => {
    const artifact = state.library.artifacts.find(({ id }) => id === control.use);
    return receiptOf(control, state.rack.rest.scope?.[name] ?? null, artifact);
  });
  const id = useId();
  return (
    <li>
      <label for={id}>{control.title ?? name}</label>
      <StrengthRange
        id={id}
        slider={slider}
        receipt={receipt}
        onStrength={(strength) => store.dispatch({ type: "rack/strength", name, strength })}
      />
      <output class="number" for={id}>
        {formatStrength(control.strength)}
      </output>
    </li>
  );
}
