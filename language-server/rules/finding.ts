/** One thing that is wrong with a preset, where, and what would mend it. */
import type { Edit } from "../../daemon/compiler/edit.ts";
import type { Path } from "../../daemon/compiler/locate.ts";
import type { View } from "../view.ts";

export interface Fix {
  readonly title: string;
  readonly edits: readonly Edit[];
  /** the one that is most probably meant */
  readonly preferred?: boolean;
}

export interface Finding {
  readonly path: Path;
  /** offset of a mistake that has a place and no path */
  readonly at?: number;
  /** what of the entry is marked; left out: the value, where there is one */
  readonly part?: "key" | "value";
  /** as the daemon's errors are called, or one of our own */
  readonly code: string;
  readonly severity: "error" | "warning" | "information";
  readonly message: string;
  readonly fixes?: readonly Fix[];
}

export type Rule = (view: View) => readonly Finding[];

/** Those whose edits could be made. */
export function fixes(...offered: readonly (readonly [title: string, edit: Edit | null, preferred?: boolean])[]): Fix[] {
  return offered.flatMap(([title, edit, preferred = false]) =>
    edit === null ? [] : [{ title, edits: [edit], ...(preferred ? { preferred } : {}) }],
  );
}
