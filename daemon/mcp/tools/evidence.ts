/** What was measured: receipts of an artifact or of a preset's controls, and reports of experiments. */
import * as z from "zod";
import { ClientError } from "../../client/error.ts";
import { evidenceRange } from "../../protocol/evidence.ts";
import { ArtifactIdSchema, PresetIdSchema } from "../../protocol/preset.ts";
import type { Receipt } from "../../protocol/receipt.ts";
import { tool } from "../tool.ts";

export const readReceipts = tool({
  name: "read_receipts",
  title: "Read receipts",
  description:
    "The evidence for an artifact or for the controls of a preset: the effect at each strength beside random directions of the same size, a prompt that asks for the same, and the damage. `evidence` is the range of strengths that was measured to work.",
  input: {
    artifact: ArtifactIdSchema.optional().describe("such as direction/joy"),
    preset: PresetIdSchema.optional().describe("the artifacts of this preset's controls"),
  },
  readOnly: true,
  run: async ({ artifact, preset }, { client }) => {
    if ((artifact === undefined) === (preset === undefined))
      throw new ClientError("invalid-params", "give exactly one of artifact and preset");
    const ids = artifact !== undefined ? [artifact] : await artifactsOf(preset!);
    const entries = await Promise.all(ids.map((id) => client.call("artifact.get", { id })));
    return {
      artifacts: entries.map(({ id, title, description, quality, problem, receipts }) => ({
        id,
        title,
        description,
        quality,
        problem,
        receipts: receipts.map(told),
      })),
    };

    async function artifactsOf(id: string): Promise<string[]> {
      const { entry } = await client.call("preset.get", { id });
      if (entry.preset === null) throw new ClientError("bad-preset", entry.problem ?? `'${id}' cannot be read`);
      return [...new Set(Object.values(entry.preset.controls).map(({ use }) => use))];
    }
  },
});

function told(receipt: Receipt): object {
  const { summary, verdict, title, judge, direction, control, model, best, less, also, quick, points, prompt, created, hash } = receipt;
  return {
    summary,
    verdict,
    title,
    judge: judge.title,
    direction,
    control,
    model,
    best,
    less,
    also,
    quick,
    evidence: evidenceRange(receipt),
    points,
    prompt,
    created,
    hash,
  };
}

export const readReport = tool({
  name: "read_report",
  title: "Read a report",
  description: "What an experiment showed: prose, tables, charts (Vega-Lite with their data) and samples.",
  input: { job: z.string().max(64).describe("id of the job, as run_experiment gives it") },
  readOnly: true,
  run: ({ job }, { client }) => client.call("report.get", { job }),
});
