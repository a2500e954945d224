/** What a receipt says beside its summary, in the words of every surface. Pure and without zod. */
import { judgeName } from "./judge-name.ts";
import type { Estimate, Receipt } from "./receipt.ts";

/** The effect by kind of prompt, and what else changes at the strength that the summary speaks of; none where neither is known. */
export function besideLines({ kinds, also, best }: Pick<Receipt, "kinds" | "also" | "best">): string[] {
  const lines: string[] = [];
  const parts = kinds.map(({ kind, effect }) => `${kind} ${estimateText(effect)}`);
  if (parts.length > 0) lines.push(`By kind of prompt at ${best}: ${parts.join(", ")}.`);
  if (also.length === 0) return lines;
  const sure = also.filter(({ effect }) => effect.low > 0 || effect.high < 0);
  const list = sure.map(({ judge, effect }) => `${judgeName(judge)} ${estimateText(effect)}`);
  lines.push(
    `Also changes at ${best}, of ${also.length} other figures together: ${list.length === 0 ? "nothing that is sure" : list.join(", ")}.`,
  );
  return lines;
}

/** What a person's labels say; none were given: how to give some. */
export function humanLine({ human, artifact }: Pick<Receipt, "human" | "artifact">): string {
  if (human === null) return `No answer was labelled by hand: tiller label ${artifact.id}.`;
  const { answers, agreement, effect } = human;
  return `${answers} answers labelled by hand, blind: person and judge agree in ${Math.round(agreement * 100)} %; corrected by them the effect is ${estimateText(effect)}.`;
}

function estimateText({ value, low, high }: Estimate): string {
  const sign = value > 0 ? "+" : "";
  return `${sign}${figure(value)} [${figure(low)}, ${figure(high)}]`;
}

function figure(value: number): string {
  const text = value.toFixed(Math.abs(value) < 10 ? 2 : 1);
  return (Number(text) === 0 ? "0" : text).replace("-", "−");
}
