/** What a chart of a report may be: drawn from its own data alone. Pure and without zod. */

export type Cell = string | number | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

/** Rows that a chart may hold, as many as a table. */
const CHART_ROWS = 20_000;

/** What keeps a specification from being drawn from its own data alone, and where; null: nothing. */
export function chartFault(spec: Readonly<Record<string, unknown>>): { readonly path: string[]; readonly message: string } | null {
  const data = spec["data"];
  const values = typeof data === "object" && data !== null ? (data as { values?: unknown }).values : undefined;
  if (!Array.isArray(values)) return { path: ["data", "values"], message: "a chart carries its rows in data.values" };
  if (values.length > CHART_ROWS) return { path: ["data", "values"], message: `a chart holds ${CHART_ROWS} rows at most` };
  const wrong = values.findIndex((row) => !isRow(row));
  if (wrong >= 0)
    return { path: ["data", "values", String(wrong)], message: "a chart's row is an object of texts, finite numbers, booleans and null" };
  return addressIn({ ...spec, data: null }, []);
}

function isRow(row: unknown): row is Row {
  if (typeof row !== "object" || row === null || Array.isArray(row)) return false;
  return Object.values(row).every(
    (cell) => cell === null || typeof cell === "string" || typeof cell === "boolean" || (typeof cell === "number" && Number.isFinite(cell)),
  );
}

/** A chart is drawn without a network, and nothing in it leads anywhere. */
function addressIn(value: unknown, path: readonly string[]): { path: string[]; message: string } | null {
  if (typeof value !== "object" || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    if ((key === "url" || key === "href") && inner !== null) return { path: [...path, key], message: "a chart names no address" };
    const found = addressIn(inner, [...path, key]);
    if (found !== null) return found;
  }
  return null;
}
