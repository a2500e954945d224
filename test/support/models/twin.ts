/** The trained test model, or without the shared data a random one of its shape: what needs no trained text runs on either. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { STORIES, sharedPath } from "../shared.ts";
import { ensureModel } from "./make.ts";

const SHAPE = { layers: 5, d: 64, f: 172, heads: 8, kvHeads: 4, headDim: 8, vocabulary: 512, context: 512 };

export function storiesOrTwin(): string {
  return (
    sharedPath(...STORIES) ??
    ensureModel(join(tmpdir(), "tiller-test-models", "stories-twin-f32.gguf"), { architecture: "llama", size: SHAPE })
  );
}
