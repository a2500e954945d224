/** A chart takes the width that there is, unless it says its own. Pure. */

/** Compositions have a width for each of their parts; Vega-Lite cannot stretch those. */
const COMPOSED = ["hconcat", "vconcat", "concat", "facet", "repeat"];

export function fitted(spec: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const encoding = spec["encoding"] as Record<string, unknown> | undefined;
  const parts = COMPOSED.some((key) => spec[key] !== undefined) || ["row", "column", "facet"].some((key) => encoding?.[key] !== undefined);
  if (parts || spec["width"] !== undefined) return { ...spec };
  return { ...spec, width: "container", autosize: spec["autosize"] ?? { type: "fit-x", contains: "padding" } };
}
