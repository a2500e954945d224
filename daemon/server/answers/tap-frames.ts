/** A tap's result as binary frames of bounded size, and the check that it will not be enormous. */
import type { Params } from "../../protocol/api/index.ts";
import type { EngineModel, EngineTapResult } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import { encodeFrame, type FrameHeader } from "../../protocol/frames.ts";

const FRAME_BYTES = 1024 * 1024;

export function* tapFrames(stream: string, result: EngineTapResult): Generator<Uint8Array> {
  if (result.logits !== null)
    yield* slices({ stream, kind: "logits", site: null, layers: [0], widths: [result.vocabulary] }, result.logits);
  for (const { site, layer, width, data } of result.sites) {
    yield* slices({ stream, kind: "site", site, layers: [layer], widths: [width] }, data);
  }
}

/** Rows of one place, in frames of bounded size. */
export function* slices(header: Omit<FrameHeader, "firstToken" | "rows" | "encoding">, data: Float32Array): Generator<Uint8Array> {
  const width = header.widths[0]!;
  const rows = data.length / width;
  const step = Math.max(1, Math.floor(FRAME_BYTES / (width * 4)));
  for (let first = 0; first < rows; first += step) {
    const part = data.subarray(first * width, Math.min(first + step, rows) * width);
    const body = new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
    yield encodeFrame({ ...header, firstToken: first, rows: part.length / width, encoding: "f32" }, body);
  }
}

/** @throws TillerError too-large, before anything is computed */
export function checkCaptureSize(params: Params<"tap.run">, layers: readonly number[] | null, model: EngineModel, limit: number): void {
  // A text has at most one token per character, and BOS.
  const tokens = Math.min(params.tokens?.length ?? (params.prompt?.length ?? 0) + 1, model.contextSize);
  const wanted = model.sites.filter((site) => params.sites.includes(site.site) && (layers === null || layers.includes(site.layer)));
  const values = wanted.reduce((sum, site) => sum + site.width, 0) + (params.logits ? model.facts.vocabulary : 0);
  if (tokens * values * 4 <= limit) return;
  throw new TillerError(
    "too-large",
    `up to ${tokens} tokens × ${values} values are more than the ${limit} bytes that one capture may have`,
    {
      field: params.logits ? "logits" : "sites",
      suggestion: "Ask for fewer sites or layers, a shorter text, or leave out the logits.",
    },
  );
}
