/** A direction out of others: sums, differences, and what is left of one beside others. */
import * as z from "zod";
import type { LoadedArtifact } from "../../../compiler/types.ts";
import { ArtifactIdSchema } from "../../../protocol/preset.ts";
import type { Experiment } from "../../contract.ts";
import { making } from "../../shared/params.ts";
import { combine, OPERATIONS, type Operation } from "../arithmetic.ts";
import { directionOf } from "../known.ts";

const CombineSchema = z
  .object({
    ...making,
    operation: z
      .enum(Object.keys(OPERATIONS) as [Operation, ...Operation[]])
      .describe("what is made of them")
      .meta({ title: "Operation", widget: "select", options: OPERATIONS }),
    of: z
      .array(ArtifactIdSchema)
      .min(2)
      .max(16)
      .describe("the directions, of one model; the first is the one that is worked on")
      .meta({ title: "Directions, one a line", widget: "texts" }),
  })
  .strict();
type Combine = z.infer<typeof CombineSchema>;

export const combineDirections: Experiment<Combine> = {
  id: "directions/combine",
  title: "Arithmetic on directions",
  summary: "Adds, subtracts, projects out, orthogonalises or merges directions that were made before.",
  params: CombineSchema,
  produces: ["artifact"],
  needs: [],
  engine: false,
  about: ({ id }) => id,
  makes: ({ id, replace }) => ({ id, replace }),
  prepare: (asked: Combine, library) => {
    for (const id of asked.of) directionOf(id, library);
    return asked;
  },
  estimate: () => ({ tokens: 0, bytes: 0 }),
  run: async ({ id, replace, title, description, operation, of }, lab) => {
    const artifacts = of.map((one) => directionOf(one, lab));
    const { body, tensors } = combine(operation, artifacts);
    const [first] = artifacts as [LoadedArtifact, ...LoadedArtifact[]];
    const meta = {
      id,
      title: title ?? id.split("/")[1]!,
      description: description ?? `${operation}: ${of.join(", ")}`,
      method: { id: "directions/combine", version: 1, params: { operation } },
      model: first.meta.model,
      provenance: {
        created: lab.created,
        seed: 0,
        inputs: artifacts.map(({ meta: { id: name, hash } }) => ({ name, hash, count: 1, licence: "not stated" })),
        source: "directions that were made before",
      },
      body,
    };
    return { artifact: lab.save({ meta, tensors }, replace).id };
  },
};
