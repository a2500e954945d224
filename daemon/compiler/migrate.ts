/** Older preset files to today's schema, one step per version; a newer file is refused with what to do. */
import { PRESET_VERSION } from "../protocol/version.ts";

type Step = (preset: Record<string, unknown>) => Record<string, unknown>;

/** STEPS[n] turns version n into n + 1. Version 0 is the draft that named strengths `value` and had no `tiller` key. */
const STEPS: Readonly<Record<number, Step>> = {
  0: (preset) => {
    const controls = preset["controls"];
    const renamed: Record<string, unknown> = {};
    if (isRecord(controls)) {
      for (const [name, control] of Object.entries(controls)) {
        if (!isRecord(control) || !("value" in control)) renamed[name] = control;
        else {
          const { value, ...rest } = control;
          renamed[name] = { ...rest, strength: value };
        }
      }
    }
    return { ...preset, ...(isRecord(controls) ? { controls: renamed } : {}), tiller: 1 };
  },
  1: (preset) => ({ ...preset, ...("controls" in preset ? { controls: migrateControls(preset["controls"]) } : {}), tiller: 2 }),
};

/** Settings that belong to a control's method. Version 1 had them beside `use`, and ignored the last two. */
const SETTINGS = ["mode", "site", "layers", "deactivate", "method"];

/** Controls of version 1: their settings move under `with`, where their method checks them. */
export function migrateControls(controls: unknown): unknown {
  if (!isRecord(controls)) return controls;
  return Object.fromEntries(
    Object.entries(controls).map(([name, control]) => [name, isRecord(control) ? migrateControl(control) : control]),
  );
}

function migrateControl(control: Record<string, unknown>): Record<string, unknown> {
  const settings = Object.entries(control).filter(([key]) => SETTINGS.includes(key));
  if (settings.length === 0) return control;
  const rest = Object.entries(control).filter(([key]) => !SETTINGS.includes(key));
  return { ...Object.fromEntries(rest), with: { ...Object.fromEntries(settings), ...(isRecord(control["with"]) ? control["with"] : {}) } };
}

export function migratePreset(value: unknown): { value: unknown } | { problem: string } {
  if (!isRecord(value)) return { value };
  const stated = value["tiller"] ?? 0;
  if (typeof stated !== "number" || !Number.isInteger(stated) || stated < 0)
    return { problem: "tiller: must be the schema version, a whole number" };
  if (stated > PRESET_VERSION)
    return { problem: `tiller: version ${stated} is newer than this program's ${PRESET_VERSION}; update Tiller` };
  let current = value;
  for (let version = stated; version < PRESET_VERSION; version++) {
    const step = STEPS[version];
    if (step === undefined) return { problem: `tiller: no migration from version ${version}` };
    current = step(current);
  }
  return { value: current };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
