/** What every judge has in common. A judge looks at text alone; it knows neither the method nor the model behind it. */

export interface JudgedText {
  readonly text: string;
  /** ISO 639-1 code, where the caller knows it; judges that depend on the language need it */
  readonly language?: string | undefined;
}

export interface Judged {
  readonly judged: true;
  /** the judge's decision, one of the names in its card's `labels`; null for judges that only measure */
  readonly label: string | null;
  /** figures by name, as the card's `values` describes them */
  readonly values: Readonly<Record<string, number>>;
}

/** No figure rather than a wrong one: `reason` is a sentence for the user. */
export interface NotJudged {
  readonly judged: false;
  readonly reason: string;
}

export type Score = Judged | NotJudged;

export interface Judge {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  /** sha256 (hex) over what decides the scores beside the code: weights, settings, rubric; receipts record it */
  readonly hash: string;
  /** every decision it can come to; empty for a judge that only measures */
  readonly labels: readonly string[];
  /** names of the figures that it gives */
  readonly values: readonly string[];
  /** @param language ISO 639-1 code; @returns whether texts in it are judged, and if not why */
  judges(language: string): { readonly judged: true } | NotJudged;
  /** One score per text, in order. The same texts give the same scores, save for a judge at an endpoint. */
  score(texts: readonly JudgedText[], signal?: AbortSignal): Promise<Score[]>;
  /** Of a judge that may fail for reasons outside: whether it can judge now, asked before anything is written for it to judge. @throws TillerError */
  probe?(signal: AbortSignal): Promise<void>;
}

export function notJudged(reason: string): NotJudged {
  return { judged: false, reason };
}
