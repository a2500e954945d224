/** The presets and evaluations of the workspace: as they are open in the editor, else as they are on disk. */
import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { TextDocument } from "vscode-languageserver-textdocument";

export interface Workspace {
  documents(kind: "preset" | "evaluation"): TextDocument[];
}

const NAMES = { preset: /\.steer\.ya?ml$/, evaluation: /\.eval\.ya?ml$/ } as const;
/** A workspace may be a whole disk. */
const MAX_ENTRIES = 20_000;
const MAX_BYTES = 1_000_000;
const SKIPPED = new Set(["node_modules", "out", "dist", "build", "target"]);

/** @param folders uris; @param open what the editor has */
export function diskWorkspace(folders: () => readonly string[], open: () => readonly TextDocument[]): Workspace {
  const read = new Map<string, { readonly stamp: number; readonly document: TextDocument }>();
  return {
    documents(kind) {
      const opened = open().filter(({ uri }) => NAMES[kind].test(uri));
      const known = new Set(opened.map(({ uri }) => uri));
      const paths = folders().flatMap((folder) => (folder.startsWith("file:") ? filesIn(fileURLToPath(folder), NAMES[kind]) : []));
      const others = paths.flatMap((path) => {
        const uri = pathToFileURL(path).href;
        const document = known.has(uri) ? null : fromDisk(path, uri, read);
        return document === null ? [] : [document];
      });
      return [...opened, ...others];
    },
  };
}

function filesIn(root: string, name: RegExp): string[] {
  const found: string[] = [];
  const waiting = [root];
  let left = MAX_ENTRIES;
  for (let folder = waiting.pop(); folder !== undefined && left > 0; folder = waiting.pop()) {
    for (const entry of entriesIn(folder)) {
      if (--left < 0) break;
      if (entry.isDirectory() && !entry.name.startsWith(".") && !SKIPPED.has(entry.name)) waiting.push(join(folder, entry.name));
      else if (entry.isFile() && name.test(entry.name)) found.push(join(folder, entry.name));
    }
  }
  return found;
}

function entriesIn(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function fromDisk(path: string, uri: string, read: Map<string, { stamp: number; document: TextDocument }>): TextDocument | null {
  try {
    const { mtimeMs, size } = statSync(path);
    const known = read.get(path);
    if (known?.stamp === mtimeMs) return known.document;
    if (size > MAX_BYTES) return null;
    const document = TextDocument.create(uri, "tiller-preset", 0, readFileSync(path, "utf8"));
    read.set(path, { stamp: mtimeMs, document });
    return document;
  } catch {
    return null;
  }
}
