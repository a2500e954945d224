/** What an identification shows: the sets by language and depth, how they overlap, and how much more text would change them. Pure. */
import type { Block } from "../../protocol/report.ts";
import type { Result } from "./found.ts";
import { familyOf } from "./languages.ts";
import type { LapeSettings } from "./lape.ts";
import { FIGURES, type Sets, setFigures, setsReport } from "./sets-report.ts";

interface Asked extends LapeSettings {
  /** tokens that were read together */
  readonly window: number;
}

export function identifyReport(asked: Asked, result: Result): Block[] {
  const { lape, totals } = result;
  const { widths, layers } = totals[0]!;
  const sets: Sets = { codes: totals.map(({ code }) => code), owned: lape.owned, widths, layers };
  return [{ type: "prose", id: "what", text: summary(result, asked) }, languagesTable(result, sets), ...setsReport(sets)];
}

function summary({ body, lape, union }: Result, { rate, filter, bar, window }: Asked): string {
  const { stability, languages } = body;
  const [least, most] = [Math.min(...languages.map(({ tokens }) => tokens)), Math.max(...languages.map(({ tokens }) => tokens))];
  const more =
    stability.suggested === null
      ? "The last doubling of the text changed the sets as much as the one before, so no size can be suggested."
      : stability.suggested <= least
        ? "A doubling of the text should change less than a tenth of the sets."
        : `With about ${Math.round(stability.suggested)} tokens per language a doubling should change less than a tenth, if the change goes on to shrink as it did.`;
  return [
    `${least === most ? least : `${least} to ${most}`} tokens of each language in windows of ${window}, without special tokens. Of ${body.model} neurons the ${lape.taken.length} that tell languages apart best were taken (LAPE, share ${rate}, filter ${filter}, bar ${bar}); ${union.length} of them have an owner.`,
    `Sets from half of the text beside those from all: Jaccard ${stability.whole.toFixed(3)}; from a quarter beside half: ${stability.half.toFixed(3)}. ${more}`,
    "LAPE depends on the set of languages: another set gives other neurons.",
  ].join("\n\n");
}

function languagesTable({ body }: Result, sets: Sets): Block {
  return {
    type: "table",
    id: "languages",
    title: "Neurons by language",
    columns: [
      { key: "language", title: "language" },
      { key: "family", title: "family" },
      { key: "tokens", title: "tokens" },
      ...FIGURES,
      { key: "negative", title: "share with a mean below 0" },
      { key: "stability", title: "Jaccard beside half the text" },
    ],
    rows: body.languages.map(({ code, tokens, negative, stability }, k) => ({
      language: code,
      family: familyOf(code),
      tokens,
      ...setFigures(sets, k),
      negative,
      stability,
    })),
    note: "Adding a mean below 0 lowers the neuron.",
  };
}
