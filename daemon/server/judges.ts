/** The judges by id: those that come with Tiller, and the user's own from config.json. */
import { endpointJudge } from "../evaluate/judges/endpoint.ts";
import type { EndpointJudgeConfig } from "../evaluate/judges/endpoint-config.ts";
import { loadJudges } from "../evaluate/judges/index.ts";
import type { Judge } from "../evaluate/judges/types.ts";
import { TillerError } from "../protocol/errors.ts";

export class Judges {
  readonly #own: ReadonlyMap<string, Judge>;
  readonly #presets: string;
  #shipped: ReadonlyMap<string, Judge> | null = null;

  /** @param presets the folder that holds `judges/`; @throws TillerError naming the field of a judge that cannot be used */
  constructor(presets: string, own: readonly EndpointJudgeConfig[]) {
    this.#presets = presets;
    this.#own = new Map(own.map((config) => [config.id, endpointJudge(config)]));
  }

  /** @throws TillerError not-found */
  get(id: string): Judge {
    // Read when first asked for: some have weights.
    this.#shipped ??= loadJudges(this.#presets);
    const judge = this.#own.get(id) ?? this.#shipped.get(id);
    if (judge !== undefined) return judge;
    throw new TillerError("not-found", `there is no judge '${id}'`, {
      field: "spec.judge.id",
      suggestion: `There is ${[...this.#own.keys(), ...this.#shipped.keys()].join(", ")}; a judge of your own goes into config.json.`,
    });
  }
}
