/** The slider itself, large in the rack and small above the composer: the same steps, the same marks, read out alike. */
import type { MethodEntry } from "../../daemon/protocol/api/experiment.ts";
import type { Receipt } from "../../daemon/protocol/receipt.ts";
import type { RackControl } from "../store/state.ts";
import { useStore } from "../store/store.ts";
import { isOnStep, rangeOf, shareOf, stepOf } from "./range.ts";
import { spokenStrength } from "./spoken.ts";

interface Props {
  id: string;
  slider: RackControl;
  receipt: Receipt | null;
  describedBy?: string;
  onStrength: (value: number) => void;
}

export function StrengthRange({ id, slider: { control, enabled, base }, receipt, describedBy, onStrength }: Props) {
  const methods = useStore((state) => state.library.methods);
  const range = rangeOf(control, methods);
  const [low, high] = range;
  const step = strengthStep({ control, base }, receipt, methods);
  const at = (value: number) => shareOf(value, range);
  return (
    <input
      id={id}
      type="range"
      min={low}
      max={high}
      // A strength that was typed may lie between two steps; the thumb stands there all the same.
      step={isOnStep(control.strength, low, step) ? step : "any"}
      value={control.strength}
      disabled={!enabled}
      aria-valuetext={spokenStrength(control.strength, enabled, receipt)}
      aria-describedby={describedBy}
      style={{ "--from": at(Math.min(0, control.strength)), "--to": at(Math.max(0, control.strength)), "--zero": at(0) }}
      onInput={(event) => onStrength(event.currentTarget.valueAsNumber)}
    />
  );
}

/** Steps on which the preset's own strength and the ends of the evidence lie. */
export function strengthStep(
  { control, base }: Pick<RackControl, "control" | "base">,
  receipt: Receipt | null,
  methods: readonly MethodEntry[],
): number {
  return stepOf(rangeOf(control, methods), receipt === null ? [base] : [base, receipt.usable.low, receipt.usable.high]);
}
