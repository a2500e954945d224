/** Numbers as a table; a long one a page at a time. */
import { useState } from "preact/hooks";
import { type BlockTable, cellText, headingOf } from "../../daemon/protocol/rules/report.ts";

const PAGE = 100;

export function DataTable({ table }: { table: BlockTable }) {
  const { title, columns, rows } = table;
  const [shown, setShown] = useState(PAGE);
  const numeric = new Set(columns.filter(({ key }) => rows.every((row) => typeof (row[key] ?? 0) === "number")).map(({ key }) => key));
  const left = rows.length - shown;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within the keyboard's reach */}
      <section class="report-table" aria-label={`Table: ${title}`} tabIndex={0}>
        <table class="number">
          <caption class="hidden">{title}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.key} scope="col" data-number={numeric.has(column.key) ? "" : undefined}>
                  {headingOf(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map((row, at) => (
              <tr key={at}>
                {columns.map(({ key }) => (
                  <td key={key} dir="auto" data-number={numeric.has(key) ? "" : undefined}>
                    {cellText(row[key])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {left > 0 && (
        <button type="button" onClick={() => setShown(shown + 10 * PAGE)}>
          Show {Math.min(left, 10 * PAGE)} more of {rows.length} rows
        </button>
      )}
    </>
  );
}
