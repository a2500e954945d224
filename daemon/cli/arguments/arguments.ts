/** Values on the command line, each checked here so that the error names the option. */
import { ArtifactIdSchema, STRENGTH_LIMIT } from "../../protocol/preset.ts";
import { readLayers } from "../../protocol/rules/layers.ts";
import { SITES, type SiteName } from "../../protocol/sites.ts";
import { usage } from "../output/failure.ts";

export function integer(option: string, low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < low || value > high)
      throw usage(`${option} ${text}: must be a whole number from ${low} to ${high}`, field(option));
    return value;
  };
}

export function decimal(option: string, low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value) || value < low || value > high)
      throw usage(`${option} ${text}: must be a number from ${low} to ${high}`, field(option));
    return value;
  };
}

/** `--max-tokens` as errors name it: `max-tokens`. */
function field(option: string): string {
  return option.replace(/^--/, "");
}

/** For options that may be given many times. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** `0.5,1,2`: strengths, none twice. */
export function strengthList(option: string): (text: string) => number[] {
  const one = decimal(option, -STRENGTH_LIMIT, STRENGTH_LIMIT);
  return (text) => [...new Set(text.split(",").map((part) => one(part.trim())))];
}

/** `joy=1.5` or `direction/joy=1.5`, as [name, strength]. */
export function assignment(text: string): [name: string, strength: number] {
  const at = text.indexOf("=");
  const [name, number] = at < 0 ? [text, ""] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  const strength = Number(number);
  if (at < 1 || name === "") throw usage(`'${text}': must look like control=strength, for example joy=1`, "set");
  if (number === "" || !Number.isFinite(strength)) throw usage(`${name}=${number}: the strength must be a number`, `set.${name}`);
  if (Math.abs(strength) > STRENGTH_LIMIT)
    throw usage(`${name}=${number}: the strength must lie between -${STRENGTH_LIMIT} and ${STRENGTH_LIMIT}`, `set.${name}`);
  return [name, strength];
}

export function assignments(texts: readonly string[]): Record<string, number> {
  return Object.fromEntries(texts.map(assignment));
}

export function siteName(option: string): (text: string) => SiteName {
  return (text) => {
    const name = text.trim();
    if ((SITES as readonly string[]).includes(name)) return name as SiteName;
    throw usage(`${option}: there is no site '${name}'`, field(option), `Sites are ${SITES.join(", ")}.`);
  };
}

export function siteList(text: string): SiteName[] {
  const names = text.split(",").filter((name) => name.trim() !== "");
  return [...new Set(names.map(siteName("--sites")))];
}

/** `all`, `3`, `0,2,5` or `3-6`, or a mixture of the last two. */
export function layerList(text: string): "all" | number[] {
  if (text === "all") return "all";
  const layers = readLayers(text);
  if (layers === null) throw usage(`--layers ${text}: must be 'all', a list such as 0,2,5, or a range such as 3-6`, "layers");
  return layers;
}

export function oneOf(option: string, values: readonly string[]): (text: string) => string {
  return (text) => {
    if (!values.includes(text)) throw usage(`${option} ${text}: must be ${values.join(" or ")}`, field(option));
    return text;
  };
}

export function artifactId(text: string): string {
  const problem = ArtifactIdSchema.safeParse(text).error?.issues[0];
  const full = ArtifactIdSchema.safeParse(`direction/${text}`).success;
  if (problem !== undefined)
    throw usage(
      `'${text}' is not the name of a direction: it ${problem.message}`,
      "id",
      full ? `Did you mean direction/${text}?` : "For example direction/joy.",
    );
  return text;
}
