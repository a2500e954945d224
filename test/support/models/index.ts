/** Random-weight models for tests and benchmarks. */
export { ARCHITECTURES, type Architecture, type Dimensions } from "./architectures.ts";
export { BENCH, ensureModel, type ModelOptions, makeModel, SMALL, type WeightType } from "./make.ts";
export { LONG_ROPE, UNUSUAL, type Unusual } from "./unusual.ts";
export { CHAT_MARKERS } from "./vocabulary.ts";
