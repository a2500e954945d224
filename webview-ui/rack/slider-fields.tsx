/** Fields of a slider's settings whose text may be wrong: it stays as it was typed, with what is wrong below. */
import { useState } from "preact/hooks";
import type { Control } from "../../daemon/protocol/preset.ts";
import { useStore } from "../store/store.ts";
import { rangeOf, rangeProblem } from "./range.ts";

interface Props {
  control: Control;
  change: (part: Partial<Control>) => void;
}

/** Both ends are taken together: one that is wrong beside the old other end may be right beside the new one. */
export function RangeFields({ control, change }: Props) {
  const methods = useStore((state) => state.library.methods);
  const [draft, setDraft] = useState<readonly [string, string] | null>(null);
  const [low, high] = draft ?? rangeOf(control, methods).map(String);
  const wrong = draft === null ? null : problemOf(draft);
  const take = (next: readonly [string, string]) => {
    const fine = problemOf(next) === null;
    setDraft(fine ? null : next);
    if (fine) change({ range: [Number(next[0]), Number(next[1])] });
  };
  return (
    <>
      <End title="From" value={low!} wrong={wrong !== null} onChange={(value) => take([value, high!])} />
      <End title="To" value={high!} wrong={wrong !== null} onChange={(value) => take([low!, value])} />
      <FieldError text={wrong} />
    </>
  );
}

function problemOf([low, high]: readonly [string, string]): string | null {
  const number = (text: string) => (text.trim() === "" ? Number.NaN : Number(text));
  return rangeProblem(number(low), number(high));
}

function End({ title, value, wrong, onChange }: { title: string; value: string; wrong: boolean; onChange: (value: string) => void }) {
  return (
    <label class="field">
      <span>{title}</span>
      <input
        type="number"
        step="any"
        class="number"
        value={value}
        aria-invalid={wrong}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}

function FieldError({ text }: { text: string | null }) {
  if (text === null) return null;
  return (
    <p class="field-error wide" role="alert">
      {text}
    </p>
  );
}
