/** What the tints mean, in numbers. Sign has a second cue: solid underline above the middle, dotted below; thicker is further. */
import { useApp, useStore } from "../store/store.ts";
import type { TintScale } from "./tint.ts";

export function TintLegend({ probe, scale }: { probe: string; scale: TintScale }) {
  const { store } = useApp();
  const at = useStore((state) => state.tintAt);
  const low = scale.middle - scale.span;
  const high = scale.middle + scale.span;
  return (
    <div class="tint-legend number">
      <span>{probe}</span>
      <span class="tok" data-tint="-" style={{ "--t": 1 }}>
        {short(low)}
      </span>
      <span class="tint-ramp" aria-hidden="true" />
      <span class="tok" data-tint="+" style={{ "--t": 1 }}>
        {short(high)}
      </span>
      <label>
        middle {short(scale.middle)} ={" "}
        <select
          value={at}
          onChange={(event) => store.dispatch({ type: "tint", at: event.currentTarget.value === "zero" ? "zero" : "mean" })}
        >
          <option value="mean">mean of the answer</option>
          <option value="zero">zero</option>
        </select>
      </label>
    </div>
  );
}

function short(value: number): string {
  return Number(value.toPrecision(3)).toString().replace("-", "−");
}
