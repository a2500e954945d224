/** Memory of the profile tables against profiles × sites × width × 8 bytes, for all sites, for one, and for none. */
import { type Edit, feed, places, promptRows, topology, withNative } from "../native.ts";
import type { Figure, Row } from "../types.ts";

const PROFILES = 64;
const BYTES = 8;

export const profilesMemory: Row = {
  id: "profiles.memory",
  title: "memory of the profile tables / (profiles × active sites × width × 8 bytes)",
  bar: 1,
  better: "lower",
  run: (bench) =>
    withNative(bench, async ({ model, context }) => {
      const target = context({ maxProfiles: PROFILES });
      const measure = async (part: string, edits: readonly Edit[]): Promise<Figure> => {
        target.configure(topology(edits));
        // staged changes are applied by the next decode
        target.seqRemove(0, -1, -1);
        await feed(target, promptRows(0, 4));
        const { steerBytes } = target.memory();
        const allowed =
          edits.reduce((sum, edit) => sum + edit.places.reduce((width, place) => width + place.width, 0), 0) * PROFILES * BYTES;
        // with no active site nothing may be allocated
        const value = allowed === 0 ? (steerBytes === 0 ? 0 : Number.POSITIVE_INFINITY) : steerBytes / allowed;
        return { part, value, n: 1, spread: 0, detail: `${steerBytes} of ${allowed} bytes` };
      };
      const both = { scale: true, shift: true };
      const mid = places(model, "mlp.mid");
      return [
        await measure("all layers", [
          { places: mid, ...both },
          { places: places(model, "attn.heads"), ...both },
          { places: places(model, "resid"), ...both },
        ]),
        await measure("one layer", [{ places: mid.slice(0, 1), ...both }]),
        await measure("none", []),
      ];
    }),
};
