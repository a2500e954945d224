/** What is shown on an answer: what steered it, in the order of application, or why nothing did. */
import type { SteeringReport } from "../protocol/plan.ts";
import type { Scope } from "../protocol/preset.ts";
import { writeLayers } from "../protocol/rules/layers.ts";
import type { SiteName } from "../protocol/sites.ts";
import type { ControlInput, MethodCompiler, Place } from "./types.ts";

const SCOPE_WORDS: Readonly<Record<Scope, string>> = {
  all: "",
  prompt: ", prompt only",
  answer: ", answer only",
  writing: ", from the prompt's last token on",
};

export function notSteered(reason: string): SteeringReport {
  return { steered: false, summary: `NOT steered: ${reason}`, controls: [] };
}

export function reportOf(
  controls: readonly { input: ControlInput; method: MethodCompiler; ops: number }[],
  gates: readonly string[],
): SteeringReport {
  if (controls.length === 0) return notSteered("the rack has no controls");
  const active = controls.filter(({ ops }) => ops > 0);
  if (active.length === 0) return notSteered("every control is at 0");
  const rows = active.map(({ input, method }) => ({
    name: input.name,
    use: input.control.use,
    strength: input.strength,
    scope: input.scope,
    settings: { ...(input.settings as Record<string, unknown>) },
    text: method.describe(input).text,
    places: bySite(method.places(input)),
  }));
  const texts = rows.map((row) => `${row.name} ${formatStrength(row.strength)} ${row.text}${SCOPE_WORDS[row.scope]}`);
  const gated = gates.length === 0 ? "" : `, while ${gates.join(" and ")}`;
  return { steered: true, summary: `steered: ${texts.join("; ")}${gated}`, controls: rows };
}

function bySite(places: readonly Place[]): SteeringReport["controls"][number]["places"] {
  const layers = new Map<SiteName, number[]>();
  for (const { site, layer } of places) {
    const list = layers.get(site);
    if (list === undefined) layers.set(site, [layer]);
    else if (!list.includes(layer)) list.push(layer);
  }
  return [...layers].map(([site, list]) => ({ site, layers: list }));
}

function formatStrength(strength: number): string {
  return String(Math.round(strength * 1000) / 1000);
}

/** [3,4,5,6] → "layers 3–6" */
export function formatLayers(layers: readonly number[]): string {
  return `${layers.length === 1 ? "layer" : "layers"} ${writeLayers(layers).replaceAll("-", "–")}`;
}
