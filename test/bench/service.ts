/** Our daemon with one loaded model and a made-up direction, and requests to it over its socket. */

import type { TillerClient } from "../../daemon/client/client.ts";
import { connectNode } from "../../daemon/client-node/connect.ts";
import { exportGgufVector } from "../../daemon/methods/directions/gguf-vector.ts";
import type { Rack, Steering } from "../../daemon/protocol/preset.ts";
import type { ArtifactStore } from "../../daemon/store/artifacts.ts";
import type { StoredModel } from "../../daemon/store/models.ts";
import { foundDirection } from "../support/artifact.ts";
import { addModel, makeHome, startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { openNative } from "../support/native.ts";
import { artifactStore } from "../support/store.ts";
import type { BenchContext, BenchModel } from "./types.ts";

/** What both servers are given. */
export interface Serving {
  readonly sequences: number;
  /** tokens per sequence */
  readonly contextSize: number;
}

const DIRECTION = "direction/bench";
/** Each with numbers of its own. */
const DIRECTIONS = [DIRECTION, "direction/bench-2", "direction/bench-3"];
export const CONTROL = "push";
const RACK = { controls: { [CONTROL]: { use: DIRECTION, strength: 1, range: [-1000, 1000] } } } satisfies Partial<Rack>;

/** Three sliders, each at every layer that a direction is added at. */
export const THREE = {
  controls: Object.fromEntries(DIRECTIONS.map((use, i) => [`slider${i + 1}`, { use, strength: 0, range: [-1, 1] }])),
} satisfies Steering["rack"] as NonNullable<Steering["rack"]>;

/** Where the three stand after so many moves: never where they were before. */
export function dragged(move: number): Record<string, number> {
  return Object.fromEntries(Object.keys(THREE.controls).map((name, i) => [name, Math.sin(move * (0.01 + 0.003 * i) + i)]));
}

export interface Service {
  readonly daemon: TestDaemon;
  readonly client: TillerClient;
  readonly model: string;
  readonly rack: typeof RACK;
  /** the direction as a GGUF control vector: strength 1 is its scale 1 */
  readonly controlVector: Uint8Array;
  dispose(): Promise<void>;
}

export async function startService({ model, threads, fixed }: BenchContext, serving: Serving): Promise<Service> {
  const home = makeHome();
  const stored = await addModel(home, model.path);
  const artifacts = artifactStore(home.paths);
  saveDirections(artifacts, stored);
  const daemon = await startTestDaemon({ home });
  const client = connectNode({ url: daemon.url, token: daemon.token, name: "bench" });
  const dispose = async (): Promise<void> => {
    client.close();
    await daemon.dispose();
  };
  try {
    await client.ready();
    const options = { ...serving, threads: fixed ? threads : 0, gpuLayers: 0, kvType: "f16" as const, idleMinutes: 0 };
    await client.call("model.load", { model: stored.id, options });
  } catch (error) {
    await dispose();
    throw error;
  }
  return { daemon, client, model: stored.id, rack: RACK, controlVector: exportGgufVector(artifacts.load(DIRECTION)!), dispose };
}

export function saveDirections(artifacts: ArtifactStore, stored: StoredModel): void {
  const { layers, width } = stored;
  // every layer that llama.cpp's control vectors can reach
  const used = Array.from({ length: layers - 1 }, (_, i) => i + 1);
  DIRECTIONS.forEach((id, number) => {
    const found = foundDirection({ id, layers, width, model: stored, used });
    // small beside the residual: the text stays finite, the work is the same
    found.tensors.get("vector")!.data.forEach((value, i, data) => {
      data[i] = 0.01 * (number === 0 ? value : Math.sin(i * (3.3 + number)));
    });
    artifacts.save(found);
  });
}

/** The tokens at which an answer would end, banned: every answer has the length that was asked for. */
export async function endless({ path }: BenchModel): Promise<Record<string, number>> {
  const { model, close } = await openNative(path);
  try {
    const ends = Array.from({ length: model.facts().vocabulary }, (_, token) => token).filter((token) => model.isEndOfGeneration(token));
    return Object.fromEntries(ends.map((token) => [String(token), -100]));
  } finally {
    await close();
  }
}

export const PROMPT = "Once upon a time there was a small town by the sea, and the people who lived there";
