/** The seed: thrown anew for every answer, or locked to one number. */
import { useId, useState } from "preact/hooks";
import { rollSeed } from "../store/ids.ts";
import { useApp, useStore } from "../store/store.ts";
import { Icon } from "../ui/icon.tsx";
import { NumberInput, useNumberProblem } from "../ui/number-field.tsx";

const MAX_SEED = 0xffffffff;

export function SeedField() {
  const { store } = useApp();
  const { seed, seedLocked } = useStore((state) => state.sampling);
  const field = useId();
  const { problem, setProblem, id } = useNumberProblem();
  // A throw replaces what was typed: another field with the new number.
  const [throws, setThrows] = useState(0);
  const set = (options: { seed?: number; seedLocked?: boolean }) => store.dispatch({ type: "sampling/options", options });
  return (
    <>
      <span class="seed">
        <label for={field}>
          <span>Seed</span>
          <NumberInput
            key={throws}
            id={field}
            title="The seed"
            min={0}
            max={MAX_SEED}
            whole
            step={1}
            value={seed}
            describedBy={id}
            onProblem={setProblem}
            onValue={(value) => value !== undefined && set({ seed: value, seedLocked: true })}
          />
        </label>
        <button
          type="button"
          class="quiet square"
          aria-label="Throw a new seed"
          title="Throw a new seed"
          onClick={() => {
            set({ seed: rollSeed() });
            setProblem(null);
            setThrows(throws + 1);
          }}
        >
          <Icon name="dice" />
        </button>
        <button
          type="button"
          class="quiet square"
          aria-pressed={seedLocked}
          aria-label="Keep this seed for every answer"
          title={seedLocked ? "This seed is kept" : "A new seed for every answer"}
          onClick={() => set({ seedLocked: !seedLocked })}
        >
          <Icon name={seedLocked ? "lock" : "unlock"} />
        </button>
      </span>
      {problem !== null && (
        <span class="field-error seed-error" id={id} role="alert">
          {problem}
        </span>
      )}
    </>
  );
}
