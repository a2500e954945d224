/** An artifact as a slider of the rack: under its own title, and as far as its evidence goes. */
import type { Artifact } from "../../daemon/protocol/artifact.ts";
import type { Control, ControlMode } from "../../daemon/protocol/preset.ts";

export function controlOf(artifact: Artifact, mode: ControlMode = "add"): Control {
  const { id, title, receipt } = artifact;
  const range = receipt === null || receipt.control.mode !== mode ? null : usableRange(receipt.usable);
  return {
    use: id,
    strength: 0,
    ...(mode === "add" ? {} : { mode }),
    ...(range === null ? {} : { range }),
    ...(title === "" || title === id ? {} : { title: title.slice(0, 80) }),
  };
}

/** Widened to where the slider begins; null where no strength was usable. */
function usableRange({ low, high }: { readonly low: number; readonly high: number }): [number, number] | null {
  const range: [number, number] = [Math.min(0, low), Math.max(0, high)];
  return range[0] < range[1] ? range : null;
}
