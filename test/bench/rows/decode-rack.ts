/** A full rack (neurons, heads and residual of every layer, 8 profiles, 16 probes read at every token) against plain decoding. */
import { compare, lengthFor } from "../measure.ts";
import { decodeRate, type Edit, places, profile, topology, withNative } from "../native.ts";
import type { Row } from "../types.ts";

const PROFILES = 8;
const PROBES = 16;

export const decodeRack: Row = {
  id: "decode.rack",
  title: "decode, full rack (MLP + heads + residual, 8 profiles, 16 probes) / plain",
  bar: 0.9,
  better: "higher",
  run: (bench) =>
    withNative(bench, async (open) => {
      const plain = open.context();
      const steered = open.context();
      const resid = places(open.model, "resid");
      const edits: Edit[] = [
        { places: places(open.model, "mlp.mid"), scale: true, shift: true },
        { places: places(open.model, "attn.heads"), scale: true, shift: false },
        { places: resid, scale: false, shift: true },
      ];
      // spread over the layers, as probes of different artifacts are
      const each = Math.ceil(PROBES / resid.length);
      const probed = resid.slice(0, PROBES / each);
      steered.configure(
        topology(
          edits,
          probed.map((place) => ({ place, count: each })),
        ),
      );
      for (let number = 1; number <= PROFILES; number++) steered.writeProfile(number, profile(edits, number));
      const steps = lengthFor(bench, await decodeRate(plain, 1, 8), 16, 800);
      let next = 0;
      const ours = () => decodeRate(steered, 1, steps, () => steered.bind(0, 0, 1 + (next++ % PROFILES)));
      return [await compare(bench, { ours, base: () => decodeRate(plain, 1, steps) })];
    }),
};
