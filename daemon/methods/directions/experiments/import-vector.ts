/** Takes in a control vector of llama.cpp or repeng. */
import { setImmediate as immediate } from "node:timers/promises";
import * as z from "zod";
import { TillerError } from "../../../protocol/errors.ts";
import type { Experiment } from "../../contract.ts";
import { base64, making } from "../../shared/params.ts";
import { importGgufVector, otherModel } from "../gguf-vector.ts";

const ImportSchema = z
  .object({
    id: making.id,
    replace: making.replace,
    data: base64("the GGUF file, as base64", ".gguf"),
  })
  .strict();
type Import = z.infer<typeof ImportSchema>;

export const importVector: Experiment<Import> = {
  id: "directions/import",
  title: "Import a control vector",
  summary: "Takes in a GGUF control vector as llama-cvector-generator and repeng write it; strength 1 equals llama.cpp's scale 1.",
  params: ImportSchema,
  produces: ["artifact"],
  needs: [],
  engine: false,
  about: ({ id }) => id,
  makes: ({ id, replace }) => ({ id, replace }),
  estimate: ({ data }) => ({ tokens: 0, bytes: data.length }),
  // megabytes: others have their turns between the steps
  run: async ({ id, data, replace }, lab) => {
    if (!id.startsWith("direction/"))
      throw new TillerError("invalid-params", `id: a control vector becomes a direction, such as direction/${id.split("/")[1]}`, {
        field: "id",
      });
    const bytes = Buffer.from(data, "base64");
    await immediate();
    const found = importGgufVector({ id, bytes, model: lab.target, created: lab.created });
    await immediate();
    const other = otherModel(String(found.meta.method.params["modelHint"]), lab.target);
    if (other !== null) lab.note(other);
    return { artifact: lab.save(found, replace).id };
  },
};
