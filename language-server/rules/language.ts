/** The preset language itself: what its schema refuses, and names and strengths that contradict each other. */
import { pathOfField } from "../../daemon/compiler/locate.ts";
import { rackProblems } from "../../daemon/compiler/rack.ts";
import { similar } from "../../daemon/protocol/similar.ts";
import { PRESET_VERSION } from "../../daemon/protocol/version.ts";
import { choiceAt, keysAt } from "../schema.ts";
import type { View } from "../view.ts";
import { type Finding, type Fix, fixes } from "./finding.ts";

/** Of a text that is no preset. */
export function schemaFindings(view: View): Finding[] {
  const { text } = view;
  if (!("problems" in text.parsed)) return [];
  return text.parsed.problems.map(({ message, field, line, column }) => {
    const path = pathOfField(text.root, field);
    // a mistake of YAML itself has a place and no field
    const at = field === "" ? text.offset({ line: line - 1, character: column - 1 }) : null;
    return {
      path,
      ...(at === null ? {} : { at }),
      ...(message === "unknown key" ? { part: "key" as const } : {}),
      code: "bad-preset",
      severity: "error" as const,
      message: field === "" ? message : `${field}: ${message}`,
      fixes: schemaFixes(view, path, message),
    };
  });
}

function schemaFixes(view: View, path: readonly string[], message: string): Fix[] {
  const { text } = view;
  const name = path.at(-1);
  if (name === undefined) return [];
  if (message === "unknown key") {
    const above = path.slice(0, -1);
    const there = new Set(text.entries(above).map((entry) => entry.name));
    const meant = similar(
      name,
      keysAt(view, above)
        .filter((key) => !there.has(key.name))
        .map((key) => key.name),
    );
    const key = text.spot(path)?.key ?? null;
    const change = meant === null || key === null ? null : { start: key[0], end: key[1], text: meant };
    return fixes([`Change to '${meant}'`, change, true], [`Remove '${name}'`, text.remove(path), change === null]);
  }
  if (path.length === 1 && text.spot(path) === null) {
    const value = name === "tiller" ? PRESET_VERSION : name === "name" ? "My preset" : null;
    if (value === null) return [];
    const edit = name === "tiller" ? { start: 0, end: 0, text: `tiller: ${PRESET_VERSION}\n` } : text.set(path, value);
    return fixes([`Add '${name}: ${value}'`, edit, true]);
  }
  const spot = text.spot(path);
  const written = spot?.value == null ? null : text.text.slice(...spot.value);
  const choices = choiceAt(view, path)?.values ?? [];
  const meant = written === null ? null : similar(written, choices);
  return fixes([`Change to '${meant}'`, meant === null ? null : text.set(path, meant), true]);
}

/** Of a preset that can be read: controls that `scope` and `hold` name and that are none, strengths outside their own range. */
export function rackFindings({ text }: View): Finding[] {
  const { preset } = text;
  if (preset === null) return [];
  return rackProblems(preset).map(({ code, message, detail: { field = "" } }) => {
    const path = pathOfField(text.root, field);
    const common = { path, code, severity: "error" as const, message };
    if (code === "unknown-control") {
      const name = path.at(-1)!;
      const meant = similar(name, Object.keys(preset.controls));
      const key = text.spot(path)?.key ?? null;
      const change = meant === null || key === null ? null : { start: key[0], end: key[1], text: meant };
      return {
        ...common,
        part: "key" as const,
        fixes: fixes([`Change to '${meant}'`, change, true], [`Remove '${name}'`, text.remove(path), change === null]),
      };
    }
    const { strength, range } = preset.controls[path[1] ?? ""] ?? {};
    if (code !== "out-of-range" || strength === undefined || range === undefined)
      return { ...common, fixes: fixes([`Remove '${path[0]}'`, path.length === 1 ? text.remove(path) : null]) };
    const near = Math.min(range[1], Math.max(range[0], strength));
    const wide: [number, number] = [Math.min(range[0], strength), Math.max(range[1], strength)];
    return {
      ...common,
      fixes: fixes(
        [`Change the strength to ${near}`, text.set(path, near), true],
        [`Widen the range to ${wide[0]} … ${wide[1]}`, text.set([...path.slice(0, -1), "range"], wide)],
      ),
    };
  });
}
