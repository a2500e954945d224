/** `preset.*` */
import { setImmediate as immediate } from "node:timers/promises";
import { nearestSpot, pathOfField } from "../../compiler/locate.ts";
import { isKnownPreset, offsetOf, parsePreset, stringifyPreset } from "../../compiler/parse.ts";
import { readYaml } from "../../compiler/yaml.ts";
import type { Result } from "../../protocol/api/index.ts";
import type { PresetEntry } from "../../protocol/api/library.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { Preset } from "../../protocol/preset.ts";
import type { StoredModel } from "../../store/models.ts";
import type { StoredPreset } from "../../store/presets.ts";
import { type MadeOn, madeOnOf, misfits, presetProblems } from "../answers/preset-problems.ts";
import { checkPresetModel } from "../answers/steering.ts";
import type { DaemonContext } from "../context.ts";
import type { Handlers } from "../transport/dispatch.ts";
import { noPreset } from "../transport/not-found.ts";

type Names = "preset.list" | "preset.get" | "preset.save" | "preset.delete" | "preset.check" | "preset.format";

export function presetHandlers(context: DaemonContext): Pick<Handlers, Names> {
  const { presets, artifacts, supervisor, steering } = context;
  return {
    "preset.list": async ({ model: id }) => {
      const model = id === undefined ? null : await supervisor.find(id);
      const entries: PresetEntry[] = [];
      const madeOn = madeOnOf(artifacts);
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
    "preset.check": async ({ text, model: id }) => {
      const parsed = parsePreset(text);
      if ("problems" in parsed) return { problems: [...parsed.problems] };
      if (id === undefined) return { problems: [] };
      const model = await supervisor.find(id);
      const problems = await presetProblems(parsed.preset, model, supervisor.loaded(model.id), artifacts, steering);
      return { problems: problems.map(placed(text)) };
    },
    "preset.format": ({ preset }) => ({ text: stringifyPreset(preset) }),
  };

  /** Why the preset cannot be used (with the model); null when it can, as far as can be said without loading it. */
  function misfit(preset: Preset, model: StoredModel | null, madeOn: MadeOn): string | null {
    try {
      for (const problem of misfits(preset, model, madeOn, artifacts)) return problem.message;
      if (model !== null) checkPresetModel(preset, model);
      return null;
    } catch (error) {
      return TillerError.from(error).message;
    }
  }
}

/** A problem with the place in the text that its field names. */
function placed(text: string): (problem: TillerError) => Result<"preset.check">["problems"][number] {
  const { document, position } = readYaml(text);
  return ({ code, message, detail: { field = "", suggestion } }) => ({
    code,
    message,
    field,
    ...(suggestion === undefined ? {} : { suggestion }),
    ...position(offsetOf(nearestSpot(document.contents, pathOfField(document.contents, field)))),
  });
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
