/** Names and families of languages, as far as reports group them. Any other code works, too, and stands by itself. */

const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  Romance: ["fr", "es", "it", "pt", "ro", "ca", "gl", "la"],
  Germanic: ["en", "de", "nl", "sv", "da", "no", "nb", "nn", "af", "is"],
  Slavic: ["ru", "uk", "pl", "cs", "sk", "bg", "sr", "hr", "sl", "be"],
  "Sino-Tibetan": ["zh", "bo", "my"],
  "Indo-Aryan": ["hi", "bn", "ur", "mr", "pa", "ne"],
  Semitic: ["ar", "he", "mt", "am"],
  Uralic: ["fi", "hu", "et"],
  Turkic: ["tr", "az", "kk", "uz"],
  Japonic: ["ja"],
  Koreanic: ["ko"],
};

export const CODE = /^[a-z]{2,3}(?:[-_][a-zA-Z0-9]{2,8})?$/;

export function familyOf(code: string): string {
  const stem = code.split(/[-_]/)[0]!;
  return Object.entries(FAMILIES).find(([, codes]) => codes.includes(stem))?.[0] ?? `other (${code})`;
}
