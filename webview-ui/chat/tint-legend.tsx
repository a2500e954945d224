/** What the tints mean, in numbers. Sign has a second cue: solid underline above the middle, dotted below; thicker is further. */
import { useApp, useStore } from "../store/store.ts";
import type { TintScale } from "./tint.ts";

interface Props {
  probe: string;
  scale: TintScale;
  /** which tokens the scale was made from */
  spans: "this answer" | "both answers";
}

export function TintLegend({ probe, scale, spans }: Props) {
  const { store } = useApp();
  const at = useStore((state) => state.tintAt);
  const low = scale.middle - scale.span;
  const high = scale.middle + scale.span;
  return (
    <div class="tint-legend number">
      <span>{spans === "this answer" ? probe : `${probe}, one scale for both answers`}</span>
      <span class="tok" data-tint="-" style={{ "--t": 1 }}>
        {short(low)}
      </span>
      <span class="tint-ramp" aria-hidden="true" />
      <span class="tok" data-tint="+" style={{ "--t": 1 }}>
        {short(high)}
      </span>
      <label>
        Middle {short(scale.middle)}:{" "}
        <select
          aria-label="What the middle of the colours is"
          value={at}
          onChange={(event) => store.dispatch({ type: "tint", at: event.currentTarget.value === "zero" ? "zero" : "mean" })}
        >
          <option value="mean">mean of {spans}</option>
          <option value="zero">zero</option>
        </select>
      </label>
    </div>
  );
}

function short(value: number): string {
  return Number(value.toPrecision(3)).toString().replace("-", "−");
}
