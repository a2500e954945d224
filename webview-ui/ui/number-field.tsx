/** A number that is used as soon as it is right, and that says why while it is not. */
import { useId, useState } from "preact/hooks";
import { type NumberRule, numberProblem } from "./number.ts";

export interface NumberInputProps extends NumberRule {
  readonly id: string;
  readonly value: number | undefined;
  readonly step: number;
  readonly placeholder?: string;
  /** an empty field: undefined */
  readonly onValue: (value: number | undefined) => void;
  readonly onProblem: (problem: string | null) => void;
  /** the id of the text that says the problem, while it is shown */
  readonly describedBy: string | undefined;
}

export function NumberInput({ id, value, step, placeholder, onValue, onProblem, describedBy, ...rule }: NumberInputProps) {
  // What is typed stays in the field, also where it cannot be used; null: the field shows the value.
  const [text, setText] = useState<string | null>(null);
  const known = value === undefined ? "" : String(value);
  const check = ({ value: typed, validity }: HTMLInputElement) => {
    const empty = typed === "" && !validity.badInput;
    const problem = empty ? null : numberProblem(typed, rule, validity.badInput);
    setText(typed);
    onProblem(problem);
    return { empty, problem, typed };
  };
  return (
    <input
      id={id}
      type="number"
      class="number"
      min={rule.min}
      max={rule.max}
      step={step}
      value={text ?? known}
      placeholder={placeholder}
      aria-invalid={describedBy !== undefined}
      aria-describedby={describedBy}
      onInput={(event) => void check(event.currentTarget)}
      onChange={({ currentTarget }) => {
        const { empty, problem, typed } = check(currentTarget);
        if (problem !== null) return;
        onValue(empty ? undefined : Number(typed));
        setText(null);
      }}
    />
  );
}

/** Problem and the id of its text; the text is rendered by the caller, where there is room for it. */
export function useNumberProblem(): {
  problem: string | null;
  setProblem: (problem: string | null) => void;
  id: string | undefined;
} {
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();
  return { problem, setProblem, id: problem === null ? undefined : id };
}
