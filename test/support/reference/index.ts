/** The reference forward pass and the measure of distance, for tests. */
export { maxRelative } from "./compare.ts";
export { type ForwardResult, ReferenceModel } from "./model.ts";
export type { ForwardOptions, ReferenceEdit } from "./sites.ts";
export type { ReferenceFacts } from "./weights.ts";
