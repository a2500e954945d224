/** `preset.*` */
import { setImmediate as immediate } from "node:timers/promises";
import { isKnownPreset, parsePreset, stringifyPreset } from "../../compiler/parse.ts";
import type { PresetEntry } from "../../protocol/api/library.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { Preset } from "../../protocol/preset.ts";
import type { StoredModel } from "../../store/models.ts";
import type { StoredPreset } from "../../store/presets.ts";
import { checkPresetModel } from "../answers/steering.ts";
import type { DaemonContext } from "../context.ts";
import type { Handlers } from "../transport/dispatch.ts";
import { noPreset } from "../transport/not-found.ts";

type Names = "preset.list" | "preset.get" | "preset.save" | "preset.delete" | "preset.check" | "preset.format";

export function presetHandlers(context: DaemonContext): Pick<Handlers, Names> {
  const { presets, artifacts, supervisor } = context;
  return {
    "preset.list": async ({ model: id }) => {
      const model = id === undefined ? null : await supervisor.find(id);
      const entries: PresetEntry[] = [];
      const madeOn = new Map(artifacts.list().map((artifact) => [artifact.id, artifact.model.fingerprint]));
      for (const stored of presets.list()) {
        if (!isKnownPreset(stored.text)) await immediate();
        entries.push(entryOf(stored, (preset) => misfit(preset, model, madeOn)));
      }
      return { presets: entries };
    },
    "preset.get": ({ id }) => {
      const stored = presets.get(id);
      if (stored === null) throw noPreset(id, "id", presets.list(), artifacts.list());
      return { entry: entryOf(stored, () => null), text: stored.text };
    },
    "preset.save": ({ id, text, preset }) => {
      if ((text === undefined) === (preset === undefined)) {
        throw new TillerError("invalid-params", "give exactly one of text and preset", { field: "text" });
      }
      const written = text ?? stringifyPreset(preset!);
      const parsed = parsePreset(written);
      if ("problems" in parsed) {
        const { message, line, column, field } = parsed.problems[0]!;
        throw new TillerError("bad-preset", `line ${line}, column ${column}: ${field === "" ? "" : `${field}: `}${message}`, {
          field,
          line,
          column,
        });
      }
      return entryOf(presets.save(id, written, context.config.limits.presets), () => null);
    },
    "preset.delete": ({ id }) => {
      const stored = presets.get(id);
      if (stored?.shipped) throw new TillerError("forbidden", `'${id}' belongs to the program and cannot be deleted`, { field: "id" });
      return { deleted: presets.delete(id) };
    },
    "preset.check": ({ text }) => {
      const parsed = parsePreset(text);
      return { problems: "problems" in parsed ? parsed.problems : [] };
    },
    "preset.format": ({ preset }) => ({ text: stringifyPreset(preset) }),
  };

  /** Of an artifact that is not in the list. */
  function unusable(id: string): string {
    try {
      if (artifacts.get(id) === null) return `there is no artifact '${id}'`;
      return `'${id}' cannot be read`;
    } catch (error) {
      return TillerError.from(error).message;
    }
  }

  /** Why the preset cannot be used (with the model); null when it can, as far as can be said without loading it. */
  function misfit(preset: Preset, model: StoredModel | null, madeOn: ReadonlyMap<string, string | null>): string | null {
    try {
      for (const [name, control] of Object.entries(preset.controls)) {
        const made = madeOn.get(control.use);
        if (made === undefined) return `controls.${name}.use: ${unusable(control.use)}`;
        if (model !== null && made !== null && made !== model.fingerprint)
          return `controls.${name}.use: '${control.use}' was made on another model`;
      }
      if (model !== null) checkPresetModel(preset, model);
      return null;
    } catch (error) {
      return TillerError.from(error).message;
    }
  }
}

function entryOf(stored: StoredPreset, problem: (preset: Preset) => string | null): PresetEntry {
  const parsed = parsePreset(stored.text);
  const { id, shipped, hides } = stored;
  if ("preset" in parsed) return { id, shipped, hides, preset: parsed.preset, problem: problem(parsed.preset) };
  const { message, line, column, field } = parsed.problems[0]!;
  return {
    id,
    shipped,
    hides,
    preset: null,
    problem: `line ${line}, column ${column}: ${field === "" ? "" : `${field}: `}${message}`,
  };
}
