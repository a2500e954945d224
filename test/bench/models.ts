/** The three models: the embedded one, and two with random weights that are made on the spot. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { BENCH, ensureModel } from "../support/models/index.ts";
import { REPOSITORY } from "../support/shared.ts";
import type { BenchModel, ModelName } from "./types.ts";

const TITLES: Readonly<Record<ModelName, string>> = {
  embedded: "the embedded model",
  f32: "8 × d 512 × f 1408, F32, random",
  q8: "22 × d 2048 × f 5632, Q8_0, random",
};

export class Models {
  readonly #folder: string;
  readonly #keep: boolean;
  readonly #made = new Set<string>();

  constructor(folder: string, keep: boolean) {
    this.#folder = folder;
    this.#keep = keep;
  }

  /** @throws Error when there is no embedded model */
  get(name: ModelName): BenchModel {
    return { name, title: TITLES[name], path: name === "embedded" ? embedded() : this.#make(name) };
  }

  /** Makes room: the large one takes more than a gigabyte. */
  drop({ name, path }: BenchModel): void {
    if (name === "embedded" || this.#keep || !this.#made.has(path)) return;
    rmSync(path, { force: true });
    this.#made.delete(path);
  }

  #make(name: "f32" | "q8"): string {
    const path = join(this.#folder, `bench-${name}.gguf`);
    if (!existsSync(path)) process.stderr.write(`making ${TITLES[name]} …\n`);
    ensureModel(path, name === "f32" ? BENCH.medium : BENCH.large);
    this.#made.add(path);
    return path;
  }
}

function embedded(): string {
  const folder = join(REPOSITORY, "presets");
  const file = readdirSync(folder).find((name) => name.endsWith(".gguf"));
  if (file === undefined) throw new Error("there is no model in presets/");
  return join(folder, file);
}
