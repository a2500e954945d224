/** Several prefixes of one length as one: the weighted mean of their rows (SelfControl, composition of prefix controllers). */
import * as z from "zod";
import type { LoadedArtifact } from "../../compiler/types.ts";
import { TillerError } from "../../protocol/errors.ts";
import { ArtifactIdSchema } from "../../protocol/preset.ts";
import type { Experiment, Lab } from "../contract.ts";
import { hashJson } from "../shared/hash.ts";
import { making, provenance } from "../shared/params.ts";
import { bodyOf, prefixOf } from "./body.ts";
import { foundPrefix } from "./found.ts";

const ComposeSchema = z
  .object({
    ...making,
    parts: z
      .array(z.object({ use: ArtifactIdSchema, weight: z.number().min(0).max(10) }).strict())
      .min(2)
      .max(16)
      .describe("prefixes of one model with as many rows each, and their weights, which are divided by their sum")
      .meta({ title: "Prefixes", widget: "json", example: '[{"use": "prefix/calm", "weight": 0.5}]' }),
    ...provenance,
  })
  .strict();
type Compose = z.infer<typeof ComposeSchema>;

export const composePrefixes: Experiment<Compose> = {
  id: "self-control/compose",
  title: "Prefixes composed",
  summary:
    "The weighted mean of several prefixes' rows as a prefix of its own. In a preset several prefixes stand one behind the other instead.",
  params: ComposeSchema,
  produces: ["artifact"],
  needs: [],
  engine: false,
  about: ({ id }) => id,
  makes: ({ id, replace }) => ({ id, replace }),
  prepare: (asked: Compose) => {
    mustBePrefix(asked.id, "id");
    if (asked.parts.every(({ weight }) => weight === 0))
      throw new TillerError("invalid-params", "parts: at least one weight must be above 0", { field: "parts" });
    return asked;
  },
  estimate: () => ({ tokens: 0, bytes: 0 }),
  run: async (params, lab) => {
    const parts = params.parts.map(({ use, weight }, i) => ({ artifact: artifactOf(use, `parts.${i}.use`, lab), weight }));
    const [first, ...others] = parts.map(({ artifact }) => artifact.meta);
    for (const other of others) mustMatch(first!, other);
    const total = parts.reduce((sum, { weight }) => sum + weight, 0);
    const mean = (of: (artifact: LoadedArtifact) => Float32Array): Float32Array => {
      const sum = new Float64Array(of(parts[0]!.artifact).length);
      for (const { artifact, weight } of parts) {
        const values = of(artifact);
        for (let i = 0; i < sum.length; i++) sum[i]! += (values[i]! * weight) / total;
      }
      return Float32Array.from(sum);
    };
    const { rows, layers } = bodyOf(first!);
    const inputs = first!.provenance.inputs.length;
    const found = foundPrefix({
      id: params.id,
      title: params.title ?? params.id.split("/")[1]!,
      description: params.description ?? "",
      method: { id: "self-control/compose", version: 1, params: { parts: params.parts } },
      model: first!.model,
      provenance: {
        created: lab.created,
        seed: 0,
        inputs: [{ name: "prefixes", hash: hashJson(params.parts), count: parts.length, licence: params.licence ?? "not stated" }],
        source: params.source ?? (inputs === 0 ? "" : `composed of ${params.parts.map(({ use }) => use).join(", ")}`),
      },
      body: { rows, layers, start: bodyOf(first!).start, guideline: "", gain: null, prompts: 0 },
      rows: mean((artifact) => prefixOf(artifact).values),
      start: mean((artifact) => prefixOf(artifact).start),
      shifts: layers.map((_, i) => mean((artifact) => prefixOf(artifact).shifts[i]!.values)),
    });
    return { artifact: lab.save(found, params.replace).id };
  },
};

export function mustBePrefix(id: string, field: string): void {
  if (id.startsWith("prefix/")) return;
  throw new TillerError("invalid-params", `${field}: prefixes are called prefix/…, such as prefix/${id.split("/")[1]}`, { field });
}

function artifactOf(id: string, field: string, lab: Pick<Lab, "artifact">): LoadedArtifact {
  mustBePrefix(id, field);
  const artifact = lab.artifact(id);
  if (artifact === null) throw new TillerError("not-found", `${field}: there is no artifact '${id}'`, { field });
  return artifact;
}

type Meta = LoadedArtifact["meta"];

function mustMatch(a: Meta, b: Meta): void {
  const differ = (what: string): TillerError =>
    new TillerError("invalid-params", `parts: ${a.id} and ${b.id} ${what}, so their rows cannot be averaged`, {
      field: "parts",
      suggestion: "Use both in one preset: they then stand one behind the other.",
    });
  if (a.model.fingerprint !== b.model.fingerprint || a.model.width !== b.model.width) throw differ("are of two models");
  if (bodyOf(a).rows !== bodyOf(b).rows) throw differ(`have ${bodyOf(a).rows} and ${bodyOf(b).rows} rows`);
  if (bodyOf(a).layers.join() !== bodyOf(b).layers.join()) throw differ("are shifted at different layers");
}
