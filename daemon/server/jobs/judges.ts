/** The judges by id: those that come with Tiller, and the user's own from config.json. */
import { endpointJudge } from "../../evaluate/judges/endpoint.ts";
import type { EndpointJudgeConfig } from "../../evaluate/judges/endpoint-config.ts";
import { loadJudges } from "../../evaluate/judges/index.ts";
import { LANGUAGES } from "../../evaluate/judges/language.ts";
import { checkChoice, checkLanguages } from "../../evaluate/receipts/judging.ts";
import type { JudgeEntry } from "../../protocol/api/library.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { JudgeChoice } from "../../protocol/evaluation.ts";
import type { Judge } from "../../protocol/judge.ts";

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
  get(id: string, field = "spec.judge.id"): Judge {
    const judges = this.#all();
    const judge = judges.get(id);
    if (judge !== undefined) return judge;
    throw new TillerError("not-found", `there is no judge '${id}'`, {
      field,
      suggestion: `There is ${[...judges.keys()].join(", ")}; a judge of your own goes into config.json.`,
    });
  }

  /** Told now, not when the model is loaded. @throws TillerError not-found, or invalid-params for a label that it does not know, or not-supported for a language */
  check(choice: JudgeChoice, field: string, languages: readonly string[]): void {
    const judge = this.get(choice.id, `${field}.id`);
    checkChoice(judge, choice, field);
    checkLanguages(judge, languages);
  }

  /** Those that come with Tiller and judge texts in these languages. */
  shipped(languages: readonly string[]): Judge[] {
    return [...this.#all().values()].filter(
      ({ id, judges }) => !this.#own.has(id) && languages.every((language) => judges(language).judged),
    );
  }

  list(): JudgeEntry[] {
    return [...this.#all().values()].map(({ id, title, version, labels, values, judges }) => ({
      id,
      title,
      version,
      own: this.#own.has(id),
      labels: [...labels],
      values: [...values],
      languages: LANGUAGES.filter((language) => judges(language).judged),
      refused: Object.fromEntries(
        LANGUAGES.flatMap((language) => {
          const answer = judges(language);
          return answer.judged ? [] : [[language, answer.reason]];
        }),
      ),
    }));
  }

  /** Their ids differ: the config refuses those of ours. */
  #all(): ReadonlyMap<string, Judge> {
    // Read when first asked for: some have weights.
    this.#shipped ??= loadJudges(this.#presets);
    return new Map([...this.#shipped, ...this.#own]);
  }
}
