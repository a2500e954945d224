/** An artifact as a slider of the rack: under its own title, and as far as its evidence goes. */
import type { ArtifactEntry } from "../../daemon/protocol/api/library.ts";
import { isMeasured } from "../../daemon/protocol/evidence.ts";
import type { Control, With } from "../../daemon/protocol/preset.ts";
import { actingOf } from "../../daemon/protocol/rules/control.ts";

/** @param settings under `with`; left out: the artifact's own */
export function controlOf(artifact: ArtifactEntry, settings: With = {}): Control {
  const { id, title, receipts } = artifact;
  const own = Object.keys(settings).length === 0 ? {} : { with: settings };
  const acting = actingOf(own, null, artifact);
  const measured = receipts.find((receipt) => isMeasured(receipt, acting));
  const range = measured === undefined ? null : usableRange(measured.usable);
  return {
    use: id,
    strength: 0,
    ...own,
    ...(range === null ? {} : { range }),
    ...(title === "" || title === id ? {} : { title: title.slice(0, 80) }),
  };
}

/** Widened to where the slider begins; null where no strength was usable. */
function usableRange({ low, high }: { readonly low: number; readonly high: number }): [number, number] | null {
  const range: [number, number] = [Math.min(0, low), Math.max(0, high)];
  return range[0] < range[1] ? range : null;
}
