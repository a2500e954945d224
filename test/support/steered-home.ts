/** A home with a random-weight model, a direction made up for it and a preset that uses the direction. */
import { join } from "node:path";
import type { StoredModel } from "../../daemon/store/models.ts";
import { PresetStore } from "../../daemon/store/presets.ts";
import { foundDirection } from "./artifact.ts";
import { addModel, makeHome, type TestHome } from "./daemon.ts";
import { type ModelOptions, makeModel } from "./models/index.ts";
import { artifactStore } from "./store.ts";

export const PRESET = `tiller: 1
name: Shift
controls:
  shift: { use: direction/shift, strength: 1, range: [-8, 8] }
`;

/** Random models end answers at random; with this they write until they are stopped. */
export const ENDLESS = { logitBias: { "2": -100 } } as const;

/** Small, with room for answers that last while a test interferes with them. */
export const LONG: ModelOptions = { architecture: "llama", size: { context: 8192 } };

/** Writes some hundred tokens a second, not thousands: a page full of them answers a press of Stop too late. */
export const SLOW: ModelOptions = {
  architecture: "llama",
  size: { context: 8192, layers: 8, d: 384, f: 1024, heads: 6, kvHeads: 2, headDim: 64 },
};

/** Load options: a model this small is quickest on one thread, and threads that wait for each other suffer when cores are busy. */
export const QUICK = { threads: 1 } as const;

export interface SteeredHome {
  readonly home: TestHome;
  readonly model: StoredModel;
}

export async function makeSteeredHome(options: ModelOptions = LONG, config?: unknown): Promise<SteeredHome> {
  const home = makeHome(config);
  const model = await addRandomModel(home, "random", options);
  artifactStore(home.paths).save(foundDirection({ id: "direction/shift", layers: model.layers, width: model.width, model }));
  new PresetStore(home.paths).save("shift", PRESET);
  return { home, model };
}

export function addRandomModel(home: TestHome, name: string, options: ModelOptions): Promise<StoredModel> {
  return addModel(home, makeModel(join(home.paths.home, "test-models", `${name}.gguf`), options));
}
