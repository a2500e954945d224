/** One control on the MLP neurons of every layer, against plain decoding. */
import { compare, lengthFor } from "../measure.ts";
import { decodeRate, type Edit, places, profile, topology, withNative } from "../native.ts";
import type { Figure, Row } from "../types.ts";

/** The ways in which a control acts on neurons: scaling them, adding to them, setting them (both). */
const WAYS = [
  { part: "scale", scale: true, shift: false },
  { part: "add", scale: false, shift: true },
  { part: "set", scale: true, shift: true },
] as const;

export const decodeOne: Row = {
  id: "decode.one",
  title: "decode, one control (all layers, MLP neurons) / plain",
  bar: 0.97,
  better: "higher",
  run: (bench) =>
    withNative(bench, async (open) => {
      const plain = open.context();
      const steered = open.context();
      const steps = lengthFor(bench, await decodeRate(plain, 1, 8), 16, 800);
      const figures: Figure[] = [];
      for (const { part, scale, shift } of WAYS) {
        const edits: Edit[] = [{ places: places(open.model, "mlp.mid"), scale, shift }];
        steered.configure(topology(edits));
        steered.writeProfile(1, profile(edits, 1));
        const base = () => decodeRate(plain, 1, steps);
        const ours = () => decodeRate(steered, 1, steps, () => steered.bind(0, 0, 1));
        figures.push(await compare(bench, { part, ours, base }));
      }
      return figures;
    }),
};
