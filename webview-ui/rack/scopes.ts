/** What the scopes do, in a line each. */
import type { Scope } from "../../daemon/protocol/preset.ts";

export const SCOPE_TITLES: Readonly<Record<Scope, string>> = {
  all: "prompt and answer",
  prompt: "prompt only",
  answer: "answer only",
  writing: "prompt's last token and answer",
};
