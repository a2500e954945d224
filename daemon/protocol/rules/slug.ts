/** Ids from names as people write them: one rule for page, command line and daemon, without zod, so that the page may have it. */

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

/** FNV-1a over the code points: short, and the same wherever it runs. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (const letter of text.normalize("NFC")) hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193);
  return (hash >>> 0).toString(36).padStart(7, "0");
}
