/** Chat templates that users gave for their models, one file each, named by the model's id. */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { writeAtomic } from "./atomic.ts";
import { inside } from "./paths.ts";

export class TemplateStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** null: there is none */
  read(model: string): string | null {
    try {
      return readFileSync(this.#file(model), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw error;
    }
  }

  write(model: string, source: string | null): void {
    if (source === null) rmSync(this.#file(model), { force: true });
    else {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      writeAtomic(this.#file(model), source);
    }
  }

  #file(model: string): string {
    return inside(this.#folder, `${model}.jinja`);
  }
}
