/** Activations of many texts, one vector per text and layer: the reading behind a method's identification. */
import type { EngineCollect } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { SiteAddress } from "../../protocol/sites.ts";
import type { Rows } from "../loop/task.ts";
import { capturedRows, ReadTask } from "./read-task.ts";

const STEP_LIMIT = 64 * 1024 ** 2;
const PROGRESS_MS = 100;

export interface CollectPlace extends SiteAddress {
  readonly width: number;
}

export interface CollectHost {
  readonly submit: (task: ReadTask) => void;
  /** texts that may wait or run at once */
  readonly parallel: number;
  readonly tokenize: (text: EngineCollect["texts"][number]) => Int32Array;
  readonly progress: (fraction: number) => void;
  /** asked before each text */
  readonly cancelled: () => boolean;
}

/** @returns [texts × layers × width], row-major, and how many tokens were read */
export async function collect(
  request: EngineCollect,
  places: readonly CollectPlace[],
  host: CollectHost,
): Promise<{ data: Float32Array; tokens: number }> {
  const width = places[0]!.width;
  const stride = places.length * width;
  const data = new Float32Array(request.texts.length * stride);
  let next = 0;
  let finished = 0;
  let told = 0;
  let tokens = 0;
  const worker = async (): Promise<void> => {
    while (next < request.texts.length) {
      if (host.cancelled()) throw new TillerError("cancelled", "the reading was cancelled");
      const index = next++;
      const prompt = host.tokenize(request.texts[index]!);
      await readText(request, places, prompt, data.subarray(index * stride, (index + 1) * stride), `${request.id}#${index}`, host);
      finished++;
      tokens += prompt.length;
      const now = performance.now();
      if (now - told < PROGRESS_MS && finished < request.texts.length) continue;
      told = now;
      host.progress(finished / request.texts.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(host.parallel, request.texts.length) }, worker));
  return { data, tokens };
}

function readText(
  request: EngineCollect,
  places: readonly CollectPlace[],
  prompt: Int32Array,
  into: Float32Array,
  id: string,
  host: CollectHost,
): Promise<void> {
  const mean = request.readAt === "mean";
  const width = places[0]!.width;
  const took = (rows: Rows): void => {
    places.forEach((place, layer) => {
      const values = capturedRows(rows.result.captures, place, rows);
      if (values === null) return;
      const target = into.subarray(layer * width, (layer + 1) * width);
      for (let i = 0; i < values.length; i++) target[i % width]! += mean ? values[i]! / prompt.length : values[i]!;
    });
  };
  return new Promise((resolve, reject) => {
    host.submit(
      new ReadTask({
        id,
        prompt,
        plan: null,
        taps: places,
        capture: mean ? "all" : "last",
        logits: false,
        chunk: mean ? Math.max(1, Math.floor(STEP_LIMIT / (places.length * width * 4))) : Number.POSITIVE_INFINITY,
        took,
        done: (stopped) => (stopped === null ? resolve() : reject(new TillerError("cancelled", "the reading was cancelled"))),
        failed: reject,
      }),
    );
  });
}
