/** The models: the embedded one, two with random weights that are made on the spot, and two real ones from the registry. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { BENCH, ensureModel } from "../support/models/index.ts";
import { type RealModelId, realPath } from "../support/real-models.ts";
import { REPOSITORY } from "../support/shared.ts";
import type { BenchModel, ModelName } from "./types.ts";

const TITLES: Readonly<Record<ModelName, string>> = {
  embedded: "the embedded model",
  f32: "8 × d 512 × f 1408, F32, random",
  q8: "22 × d 2048 × f 5632, Q8_0, random",
  smollm2: "SmolLM2 135M, Q4_1",
  gemma3: "Gemma 3 270M, Q4_K_M",
};

export class Models {
  readonly #folder: string;
  readonly #keep: boolean;
  readonly #made = new Set<string>();

  constructor(folder: string, keep: boolean) {
    this.#folder = folder;
    this.#keep = keep;
  }

  /** @throws Error when the model is not here */
  get(name: ModelName): BenchModel {
    return { name, title: TITLES[name], path: this.#path(name) };
  }

  /** Makes room: the large one takes more than a gigabyte. */
  drop({ path }: BenchModel): void {
    if (this.#keep || !this.#made.has(path)) return;
    rmSync(path, { force: true });
    this.#made.delete(path);
  }

  #path(name: ModelName): string {
    if (name === "embedded") return embedded();
    return name === "f32" || name === "q8" ? this.#make(name) : real(name);
  }

  #make(name: "f32" | "q8"): string {
    const path = join(this.#folder, `bench-${name}.gguf`);
    if (!existsSync(path)) process.stderr.write(`making ${TITLES[name]} …\n`);
    ensureModel(path, name === "f32" ? BENCH.medium : BENCH.large);
    this.#made.add(path);
    return path;
  }
}

function real(id: RealModelId): string {
  const path = realPath(id);
  if (path === null) throw new Error("the real models are not here: npm run models");
  return path;
}

function embedded(): string {
  const folder = join(REPOSITORY, "presets");
  const file = readdirSync(folder).find((name) => name.endsWith(".gguf"));
  if (file === undefined) throw new Error("there is no model in presets/");
  return join(folder, file);
}
