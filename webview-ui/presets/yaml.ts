/** A preset as YAML text, for the clipboard. It writes the few shapes that presets have; the daemon's parser reads it back. */
import type { Preset } from "../../daemon/protocol/preset.ts";

export function presetYaml(preset: Preset): string {
  return Object.entries(preset)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => entry(key, value, 0))
    .join("");
}

function entry(key: string, value: unknown, depth: number): string {
  const head = `${"  ".repeat(depth)}${scalar(key)}:`;
  if (isRecord(value)) {
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
    if (entries.length === 0) return `${head} {}\n`;
    // A slider is one line, as people write them.
    if (depth > 0 && entries.every(([, inner]) => !isRecord(inner))) {
      const line = `${head} ${flow(value)}\n`;
      if (line.length <= 140) return line;
    }
    return `${head}\n${entries.map(([name, inner]) => entry(name, inner, depth + 1)).join("")}`;
  }
  return `${head} ${flow(value)}\n`;
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (isRecord(value)) {
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
    return entries.length === 0 ? "{}" : `{ ${entries.map(([key, inner]) => `${scalar(key)}: ${flow(inner)}`).join(", ")} }`;
  }
  return scalar(value);
}

/** Plain where YAML 1.2 reads the same string back, else a JSON string, which YAML 1.2 also reads. */
function scalar(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value);
  const plain = /^[A-Za-z_][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*$/.test(value) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(value);
  return plain ? value : JSON.stringify(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
