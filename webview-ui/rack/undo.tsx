/** "Undo" after what threw sliders away, as a line that is read out. */
import { refreshPresets } from "../link/library.ts";
import { problemOf } from "../link/problem.ts";
import type { RackUndo } from "../store/state.ts";
import { useApp, useStore } from "../store/store.ts";
import { focusNext } from "../ui/focus.ts";
import { PRESET, UNDO } from "./panel-ids.ts";
import { sliderSelector } from "./slider-selector.ts";

export function Undo() {
  const { store, client } = useApp();
  const undo = useStore((state) => state.rackUndo);
  if (undo === null) return null;
  const back = async () => {
    try {
      if (undo.kind === "deleted") {
        await client().call("preset.save", { id: undo.id, text: undo.text });
        await refreshPresets(client(), store);
      }
      store.dispatch({ type: "rack/undo" });
      focusNext(undo.kind === "removed" ? sliderSelector(undo.name) : `#${PRESET}`, `#${PRESET}`);
    } catch (error) {
      store.dispatch({ type: "rack/problem", problem: problemOf(error, "The preset was not brought back") });
    }
  };
  return (
    <p class="undo" role="status">
      {undoText(undo)}
      <button type="button" class="quiet" id={UNDO} onClick={() => void back()}>
        Undo
      </button>
    </p>
  );
}

export function undoText(undo: RackUndo): string {
  switch (undo.kind) {
    case "left":
      return `Left “${undo.rack.name}” with its changes.`;
    case "removed": {
      const slider = undo.before.controls.find(({ name }) => name === undo.name);
      return `Removed ${slider?.control.title ?? undo.name}.`;
    }
    case "deleted":
      return undo.back ? `Back to the shipped “${undo.name}”.` : `Deleted “${undo.name}”.`;
  }
}
