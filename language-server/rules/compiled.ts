/** What the daemon's own compiler says, where one runs: places that the model does not have, and controls that do not go together. */
import { pathOfField } from "../../daemon/compiler/locate.ts";
import type { Problem } from "../../daemon/protocol/api/library.ts";
import type { View } from "../view.ts";
import { type Finding, fixes } from "./finding.ts";

/** @param found what was found here already: of one place it is said once */
export function compiledFindings(view: View, problems: readonly Problem[], found: readonly Finding[]): Finding[] {
  const { text } = view;
  const taken = new Set(found.map(({ path }) => path.join("\0")));
  return problems
    .map((problem): Finding => {
      const { field, code = "bad-preset", message, suggestion } = problem;
      const path = pathOfField(text.root, field);
      const control = path[0] === "controls" && path[1] !== undefined ? path[1] : null;
      const off = control === null ? null : text.set(["controls", control, "strength"], 0);
      return {
        path,
        part: path.length <= 2 ? "key" : "value",
        code,
        severity: code === "wrong-model" ? "warning" : "error",
        message: suggestion === undefined ? message : `${message}. ${suggestion}`,
        fixes: code === "conflict" ? fixes([`Turn '${control}' off`, off, true], [`Remove '${control}'`, text.remove(path)]) : [],
      };
    })
    .filter(({ path }) => !taken.has(path.join("\0")));
}
