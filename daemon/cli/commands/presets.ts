/** `tiller presets …`: those that there are, what is in them, saving files; `tiller check` finds their mistakes. */
import { basename } from "node:path";
import type { Command } from "commander";
import type { TillerClient } from "../../client/client.ts";
import { describeProblems, parsePreset } from "../../compiler/parse.ts";
import type { PresetEntry } from "../../protocol/api/library.ts";
import { TillerError } from "../../protocol/errors.ts";
import { PresetIdSchema } from "../../protocol/preset.ts";
import { action, command } from "../action.ts";
import { resolveModel } from "../arguments/model-argument.ts";
import { readInput } from "../arguments/stdin.ts";
import { usage } from "../output/failure.ts";
import { table } from "../output/output.ts";

const MAX_PRESET = 1_000_000;

export function addPresets(program: Command): void {
  const presets = command(program, "presets", "presets: list, show, save, delete");
  command(presets, "list", "every preset, and why one cannot be used (the default)", { isDefault: true })
    .option("--model <file|id>", "say which fit this model")
    .action(
      action<{ readonly model?: string }>(async (session, _args, { model }) => {
        const client = await session.daemon();
        const id = model === undefined ? undefined : await resolveModel(model, session, client);
        const { presets: entries } = await client.call("preset.list", id === undefined ? {} : { model: id });
        await session.output.result(entries, describe);
      }),
    );
  command(presets, "show <id>", "a preset's text").action(
    action(async (session, [id]) => {
      const name = presetId(id!);
      const client = await session.daemon();
      const found = await client.call("preset.get", { id: name });
      await session.output.result(
        found,
        ({ text, entry }) => `${text.trimEnd()}${entry.problem === null ? "" : `\n\nIt cannot be used: ${entry.problem}`}`,
      );
    }),
  );
  command(presets, "save <file>", "take a preset file into the store")
    .option("--id <id>", "name in the store; default: the file's name")
    .action(
      action<{ readonly id?: string }>(async (session, [file], options) => {
        const text = readInput(file!, "preset", MAX_PRESET).toString("utf8");
        const parsed = parsePreset(text);
        if ("problems" in parsed) throw badPreset(file!, parsed.problems);
        const id = presetId(
          options.id ??
            basename(file!)
              .replace(/(\.steer)?\.ya?ml$/i, "")
              .toLowerCase(),
        );
        const client: TillerClient = await session.daemon();
        const saved = await client.call("preset.save", { id, text });
        await session.output.result(saved, () => `Saved as ${saved.id}.`);
      }),
    );
  command(presets, "delete <id>", "delete a preset of your own").action(
    action(async (session, [id]) => {
      const name = presetId(id!);
      const client = await session.daemon();
      const { deleted } = await client.call("preset.delete", { id: name });
      if (!deleted)
        throw new TillerError("not-found", `there is no preset '${id}' of your own`, {
          field: "id",
          suggestion: "Shipped presets cannot be deleted.",
        });
      await session.output.result({ deleted }, () => `${id} is deleted.`);
    }),
  );
}

function presetId(text: string): string {
  const problem = PresetIdSchema.safeParse(text).error?.issues[0];
  if (problem !== undefined) throw usage(`'${text}' is not the name of a preset: ${problem.message}`, "id");
  return text;
}

function badPreset(file: string, problems: Parameters<typeof describeProblems>[0]): TillerError {
  const first = problems[0]!;
  return new TillerError("bad-preset", `${file} is not a usable preset:\n${describeProblems(problems)}`, {
    field: first.field,
    line: first.line,
    column: first.column,
  });
}

function describe(entries: readonly PresetEntry[]): string {
  if (entries.length === 0) return "No presets.";
  const rows = entries.map(({ id, preset, problem, shipped }) => [
    id,
    preset?.name ?? "",
    Object.entries(preset?.controls ?? {})
      .map(([name, { strength }]) => `${name} ${strength}`)
      .join(", "),
    problem === null ? (shipped ? "shipped" : "your own") : `not usable: ${problem}`,
  ]);
  return table(rows, ["id", "name", "controls", ""]);
}
