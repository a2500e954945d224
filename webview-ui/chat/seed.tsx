/** The seed: thrown anew for every answer, or locked to one number. */
import { rollSeed } from "../store/ids.ts";
import { useApp, useStore } from "../store/store.ts";
import { Icon } from "../ui/icon.tsx";

export function SeedField() {
  const { store } = useApp();
  const { seed, seedLocked } = useStore((state) => state.sampling);
  const set = (options: { seed?: number; seedLocked?: boolean }) => store.dispatch({ type: "sampling/options", options });
  return (
    <span class="seed">
      <label>
        <span>Seed</span>
        <input
          type="number"
          class="number"
          min={0}
          max={4294967295}
          step={1}
          value={seed}
          onChange={({ currentTarget: { value } }) => {
            const given = Math.round(Number(value));
            if (value !== "" && given >= 0 && given <= 0xffffffff) set({ seed: given, seedLocked: true });
          }}
        />
      </label>
      <button
        type="button"
        class="quiet square"
        aria-label="Throw a new seed"
        title="Throw a new seed"
        onClick={() => set({ seed: rollSeed() })}
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
  );
}
