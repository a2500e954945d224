/** Takes in an artifact of any kind that was exported as one file. */
import { setImmediate as immediate } from "node:timers/promises";
import * as z from "zod";
import type { Experiment } from "../methods/contract.ts";
import { base64, making } from "../methods/shared/params.ts";
import { TillerError } from "../protocol/errors.ts";
import { BUNDLE, readBundle } from "./bundle.ts";

const ImportSchema = z
  .object({
    id: making.id,
    replace: making.replace,
    data: base64("the file, as base64", BUNDLE.extension),
  })
  .strict();
type Import = z.infer<typeof ImportSchema>;

export const importArtifact: Experiment<Import> = {
  id: "import",
  title: "Import an artifact",
  summary:
    "Takes in an artifact of any kind, from the file that an export wrote. Its receipts do not come with it: they are of another machine's making.",
  params: ImportSchema,
  produces: ["artifact"],
  needs: [],
  engine: false,
  about: ({ id }) => id,
  makes: ({ id, replace }) => ({ id, replace }),
  prepare: (asked: Import) => {
    const [kind] = readBundle(Buffer.from(asked.data, "base64")).meta.id.split("/");
    if (asked.id.startsWith(`${kind}/`)) return asked;
    throw new TillerError("invalid-params", `id: the artifact is of kind '${kind}'; its id begins with it`, { field: "id" });
  },
  estimate: ({ data }) => ({ tokens: 0, bytes: data.length }),
  // megabytes: others have their turns between the steps
  run: async ({ id, data, replace }, lab) => {
    const { meta, tensors } = readBundle(Buffer.from(data, "base64"));
    await immediate();
    const provenance = { ...meta.provenance, created: lab.created };
    return { artifact: lab.save({ meta: { ...meta, id, provenance }, tensors }, replace).id };
  },
};
