/** What the language server and the panels of presets were told last, for when no daemon runs. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeAtomic } from "./atomic.ts";
import type { StorePaths } from "./paths.ts";

export interface LanguageShelf {
  /** null: nothing is kept */
  read(): string | null;
  write(text: string): void;
}

export function languageShelf({ modelCache }: StorePaths): LanguageShelf {
  const file = join(dirname(modelCache), "language-server.json");
  return {
    read: () => (existsSync(file) ? readFileSync(file, "utf8") : null),
    write: (text) => {
      // the daemon has made the folder; where it has not, nothing is kept
      if (existsSync(dirname(file))) writeAtomic(file, text);
    },
  };
}
