/** Where two scopes both act. */
import type { Scope } from "../../protocol/preset.ts";

/** null: nowhere. Of `prompt` and `writing` only the prompt's last position would be left, which is nothing that anyone asks for. */
export function bothScopes(a: Scope, b: Scope): Scope | null {
  if (a === b || b === "all") return a;
  if (a === "all") return b;
  const answers = [a, b].every((scope) => scope === "answer" || scope === "writing");
  return answers ? "answer" : null;
}
