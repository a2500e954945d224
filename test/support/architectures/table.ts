/** docs/architectures.md: what the comparison found, and what the lane holds the next run to. */
import { SITES } from "../../../daemon/protocol/sites.ts";
import type { Comparison } from "./compare.ts";

/** Why an architecture was not compared. */
export interface Uncompared {
  readonly name: string;
  readonly reason: string;
}

export type Row = Comparison | Uncompared;

/** GELU is a table of float16 values in ggml, and matrices of experts are added in another order. */
export const TOLERANCE = 5e-3;

/** Above it llama.cpp and transformers compute two models, and nothing of ours can be judged. */
export const SAME_MODEL = 5e-3;

const HEADER = `# Architectures

Random models of each architecture, made from transformers and converted by llama.cpp's own converter, in F32: the values at every live
place, and the logits after an edit there, beside those of transformers. Written by \`npm test -- architectures\`, which needs PyTorch and
transformers (training/requirements-architectures.txt) and fails where a row changes; with \`TILLER_UPDATE=1\` it takes the new rows.

- **live**: the places that can be read and edited in one layer at least; \`all\` are ${SITES.map((site) => `\`${site}\``).join(", ")}.
- **error**: the largest of max|Δ|/max|value| over readings and edits. A thousandth comes from GELU, which ggml takes from a table.
- **sum**: the same of resid(l−1) + attn.add + mlp.add = resid(l), where all three are live.
`;

/** 2 significant digits would differ from machine to machine. */
function magnitude(error: number | null): string {
  return error === null ? "–" : `10<sup>${Math.round(Math.log10(Math.max(error, 1e-9)))}</sup>`;
}

/** What must not change unnoticed: everything but the figures. */
export function essence(row: Row): string {
  if ("reason" in row) return `| ${row.name} | not compared: ${row.reason} | | | |`;
  const live = row.live.length === SITES.length ? "all" : row.live.map((site) => `\`${site}\``).join(" ");
  const reasons = new Map<string, string[]>();
  for (const { site, reason, everywhere } of row.refused) {
    const why = everywhere ? reason : `in some layers, ${reason}`;
    reasons.set(why, [...(reasons.get(why) ?? []), `\`${site}\``]);
  }
  const refused = [...reasons].map(([reason, sites]) => `${sites.join(" ")}: ${reason}`).join("; ");
  return `| ${row.name} | ${live} | ${refused || "–"} |`;
}

function line(row: Row): string {
  if ("reason" in row) return essence(row);
  const foreign = row.logits > SAME_MODEL;
  const figures = row.looped
    ? "only the logits were compared"
    : foreign
      ? "llama.cpp and transformers differ here without steering"
      : magnitude(row.errors[0]?.error ?? null);
  return `${essence(row)} ${figures} | ${magnitude(row.sum)} |`;
}

export function document(rows: readonly Row[]): string {
  const compared = rows.filter((row): row is Comparison => !("reason" in row));
  const same = compared.filter((row) => row.logits <= SAME_MODEL);
  return `${HEADER}
${rows.length} were tried: ${same.length} compared, ${compared.length - same.length} where llama.cpp and transformers differ without steering (why was not
looked into for each: often a setting that the random configuration does not carry over), ${rows.length - compared.length} not compared.

| architecture | live | refused | error | sum |
|---|---|---|---|---|
${rows.map(line).join("\n")}
`;
}
