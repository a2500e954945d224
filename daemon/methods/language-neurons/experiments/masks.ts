/** Sets of language neurons that others have published: where they lie and how they overlap, to compare with one's own. */
import * as z from "zod";
import { fromZod, TillerError } from "../../../protocol/errors.ts";
import type { Experiment } from "../../contract.ts";
import { base64 } from "../../shared/params.ts";
import { CODE, familyOf } from "../languages.ts";
import { FIGURES, type Sets, setFigures, setsReport } from "../sets-report.ts";

const ParamsSchema = z
  .object({ file: base64("JSON: {model, top_rate, layers, d_ff, languages: {code: {layer: [neurons]}}}", ".json") })
  .strict();

const whole = z.number().int().min(0);
const MaskFileSchema = z.object({
  model: z.string().max(200),
  top_rate: z.number(),
  layers: whole.min(1).max(1024),
  d_ff: whole.min(1).max(1_000_000),
  languages: z.record(z.string().regex(CODE), z.record(z.string().regex(/^\d+$/), z.array(whole).max(100_000))),
});
type MaskFile = z.infer<typeof MaskFileSchema>;

/** @throws TillerError bad-artifact naming what is wrong */
export function readMasks(text: string): MaskFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new TillerError("bad-artifact", "file: it is not JSON", { field: "file" });
  }
  const parsed = MaskFileSchema.safeParse(value);
  if (!parsed.success) throw fromZod(parsed.error, "bad-artifact", "file");
  const { languages, layers, d_ff: width } = parsed.data;
  for (const [code, byLayer] of Object.entries(languages))
    for (const [layer, neurons] of Object.entries(byLayer))
      if (Number(layer) >= layers || neurons.some((neuron) => neuron >= width))
        throw new TillerError("bad-artifact", `file: ${code} has a neuron outside ${layers} layers of ${width}`, { field: "file" });
  return parsed.data;
}

export function setsOf({ languages, layers, d_ff: width }: MaskFile): Sets {
  return {
    codes: Object.keys(languages),
    owned: Object.values(languages).map((byLayer) =>
      Int32Array.from(
        Object.entries(byLayer).flatMap(([layer, neurons]) => neurons.map((neuron) => Number(layer) * width + neuron)),
      ).sort(),
    ),
    layers: Array.from({ length: layers }, (_, layer) => layer),
    widths: Array.from({ length: layers }, () => width),
  };
}

export const masks: Experiment<z.infer<typeof ParamsSchema>> = {
  id: "language-neurons/masks",
  title: "Published language neurons",
  summary: "Shows sets of language neurons from a file: where they lie and how they overlap, to compare with your own.",
  params: ParamsSchema,
  produces: ["report"],
  needs: [],
  engine: false,
  about: () => "a file of masks",
  estimate: ({ file }) => ({ tokens: 0, bytes: file.length }),
  run: async ({ file }) => {
    const read = readMasks(Buffer.from(file, "base64").toString("utf8"));
    const sets = setsOf(read);
    const union = new Set(sets.owned.flatMap((set) => [...set]));
    const all = read.layers * read.d_ff;
    return {
      artifact: null,
      report: [
        {
          type: "prose",
          id: "what",
          text: `${read.model}: ${union.size} of ${all} neurons (${((100 * union.size) / all).toFixed(2)} %) belong to one or more of ${sets.codes.length} languages.`,
        },
        {
          type: "table",
          id: "languages",
          title: "Neurons by language",
          columns: [{ key: "language", title: "language" }, { key: "family", title: "family" }, ...FIGURES],
          rows: sets.codes.map((code, k) => ({ language: code, family: familyOf(code), ...setFigures(sets, k) })),
        },
        ...setsReport(sets),
      ],
    };
  },
};
