/** Names as people write them, and what is made of them: ids of presets and artifacts, names of sliders in the rack. */

interface Named {
  readonly name: string;
}

/** File names of devices on Windows, which no id may be. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/;

/** An id in small Latin letters for any name; a name in another script gets one from its letters. null: there is no name. */
export function idStem(name: string, kind: "preset" | "slider"): string | null {
  const text = name.trim();
  if (text === "") return null;
  const stem = text
    .toLowerCase()
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9._]+/g, "-")
    .replace(/^[^a-z0-9]+/, "")
    .slice(0, 60)
    .replace(/[._-]+$/, "");
  return stem === "" || DEVICE.test(stem) ? `${kind}-${hashOf(text)}` : stem;
}

/** FNV-1a over the code points: short, and the same wherever the page runs. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (const letter of text.normalize("NFC")) hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193);
  return (hash >>> 0).toString(36).padStart(7, "0");
}

/** The artifact's own name, with a number when the rack has it already. */
export function freeName(use: string, controls: readonly Named[]): string {
  const stem =
    (use.split("/").at(-1) ?? "slider")
      .replaceAll(/[^a-zA-Z0-9_-]/g, "-")
      .replace(/^[^a-zA-Z]+/, "")
      .slice(0, 44) || "slider";
  const taken = new Set(controls.map(({ name }) => name));
  for (let i = 1; ; i++) {
    const name = i === 1 ? stem : `${stem}-${i}`;
    if (!taken.has(name)) return name;
  }
}

export function nameProblem(name: string, controls: readonly Named[]): string | null {
  if (!/^[a-zA-Z][a-zA-Z0-9_-]{0,47}$/.test(name)) return "A name starts with a letter; letters, digits, '_' and '-' follow.";
  return controls.some((control) => control.name === name) ? `There is a slider called ${name} already.` : null;
}
