/** Where a slider was moved: a thin line before the word, and a mark in the margin beside it. What was moved stands above the answer. */
import { formatStrength } from "../rack/range.ts";
import type { Mark } from "./marks.ts";

export function ChangeMark({ mark: { controls, token } }: { mark: Mark }) {
  const text = Object.entries(controls)
    .map(([name, strength]) => `${name} ${formatStrength(strength)}`)
    .join(", ");
  return (
    <span class="change" title={`From token ${token} on: ${text}`} aria-hidden="true">
      <i />
    </span>
  );
}
