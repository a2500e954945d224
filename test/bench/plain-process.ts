/**
 * A process of its own that decodes plainly through node-llama-cpp's public API, with the rebuilt libllama or with the
 * untouched prebuilt one: a process can hold only one of them. Started by rows/build-plain.ts, told by messages what to do.
 */
import { getLlama, type LlamaContextSequence, LlamaLogLevel, type Token } from "node-llama-cpp";
import { llamaOptions } from "../../daemon/native/paths.ts";

export interface PlainStart {
  readonly build: "ours" | "prebuilt";
  readonly path: string;
  readonly threads: number;
}

export type ToPlain = { readonly start: PlainStart } | { readonly steps: number };
export type FromPlain = { readonly ready: string } | { readonly perSecond: number } | { readonly failed: string };

const PROMPT = 32;
let sequence: LlamaContextSequence | null = null;

async function start({ build, path, threads }: PlainStart): Promise<string> {
  const llama = await getLlama({
    ...(build === "ours"
      ? llamaOptions(0)
      : { build: "never", usePrebuiltBinaries: true, gpu: false, skipDownload: true, progressLogs: false }),
    logLevel: LlamaLogLevel.error,
  });
  const model = await llama.loadModel({ modelPath: path, gpuLayers: 0 });
  const context = await model.createContext({ contextSize: 2048, sequences: 1, threads, flashAttention: true, batchSize: 512 });
  sequence = context.getSequence();
  return llama.buildType;
}

async function decode(steps: number): Promise<number> {
  const own = sequence!;
  await own.clearHistory();
  const prompt = Array.from({ length: PROMPT }, (_, i) => (265 + ((i * 37) % 200)) as Token);
  let begin = 0;
  let count = 0;
  for await (const _ of own.evaluate(prompt, { temperature: 0, yieldEogToken: true })) {
    // the first tokens carry the prompt and the building of the graph
    if (count === 4) begin = performance.now();
    if (++count === steps + 5) break;
  }
  return (steps * 1000) / (performance.now() - begin);
}

async function answer(message: ToPlain): Promise<FromPlain> {
  return "start" in message ? { ready: await start(message.start) } : { perSecond: await decode(message.steps) };
}

process.on("message", (message: ToPlain) => {
  answer(message).then(
    (reply) => process.send?.(reply),
    (error: unknown) => process.send?.({ failed: error instanceof Error ? error.message : String(error) } satisfies FromPlain),
  );
});
process.on("disconnect", () => process.exit(0));
