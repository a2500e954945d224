/** What a search or a training shows: means with 95 % intervals of paired differences, and every answer. */
import type { JudgeChoice } from "../../protocol/evaluation.ts";
import type { Block } from "../../protocol/report.ts";
import type { Lab } from "../contract.ts";
import { average } from "../shared/numbers.ts";

/** @typeParam Arm ways in which each prompt was answered; one of them is `plain` */
export interface Measured<Arm extends string> {
  readonly prompt: string;
  readonly texts: Readonly<Record<Arm, string>>;
  /** d, see score.ts, by the suffixes that were searched with and by one that was not */
  readonly scores: Readonly<Record<Arm, { readonly searched: number; readonly heldOut: number }>>;
}

/** By arm, of each prompt; null where the judge gave no score. */
export type Judged<Arm extends string> = Readonly<Record<Arm, readonly (number | null)[]>>;

export interface Arms<Arm extends string> {
  readonly summary: string;
  readonly arms: Readonly<Record<Arm, string>>;
  /** shown beside the plain answers */
  readonly steered: Arm;
  readonly done: readonly Measured<Arm>[];
  readonly judged: Judged<Arm> | null;
  readonly interval: Lab["interval"];
}

const HOW =
  "Scores are log-probabilities of yes less those of no, in nats, on the plain model; the interval is of the mean difference to the plain answer. The held-out question was not searched with: what rises only under the searched one fools the question, not the reader.";

export async function judged<Arm extends string>(
  { judge: choice, language }: { readonly judge?: JudgeChoice | undefined; readonly language: string },
  arms: Readonly<Record<Arm, string>>,
  done: readonly Measured<Arm>[],
  lab: Pick<Lab, "scores">,
): Promise<Judged<Arm> | null> {
  if (choice === undefined) return null;
  const out = {} as Record<Arm, (number | null)[]>;
  for (const arm of Object.keys(arms) as Arm[]) {
    const texts = done.map(({ texts }) => ({ text: texts[arm], language }));
    out[arm] = await lab.scores(choice, texts);
  }
  return out;
}

export function armsReport<Arm extends string>({ summary, arms, steered, done, judged, interval }: Arms<Arm>): Block[] {
  const names = Object.keys(arms) as Arm[];
  const plain = "plain" as Arm;
  /** Mean difference over prompts. */
  const paired = (differences: readonly number[]): string => {
    if (differences.length === 0) return "–";
    const { value, low, high } = interval(differences.map((one) => [one]));
    return `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
  };
  const rows = names.map((arm) => ({
    arm: arms[arm],
    score: average(done.map(({ scores }) => scores[arm].searched)),
    gain: paired(gainsOf(done, arm, "searched")),
    heldOut: average(done.map(({ scores }) => scores[arm].heldOut)),
    heldOutGain: paired(gainsOf(done, arm, "heldOut")),
    ...(judged === null ? {} : judgedRow(judged[arm], judged[plain], paired)),
  }));
  const byJudge = [
    { key: "judge", title: "judge" },
    { key: "judgeGain", title: "against plain, judge" },
  ];
  return [
    { type: "prose", id: "summary", text: `${summary} ${HOW}` },
    {
      type: "table",
      id: "arms",
      title: "Means",
      columns: [
        { key: "arm", title: "answers" },
        { key: "score", title: "score", unit: "nats" },
        { key: "gain", title: "against plain", unit: "nats" },
        { key: "heldOut", title: "held-out score", unit: "nats" },
        { key: "heldOutGain", title: "against plain, held out", unit: "nats" },
        ...(judged === null ? [] : byJudge),
      ],
      rows,
      note: `N = ${done.length} prompts; 95 % intervals of paired differences by Student's t over prompts.`,
    },
    {
      type: "samples",
      id: "answers",
      title: "Answers",
      samples: done.map(({ prompt, texts, scores }) => ({
        prompt,
        plain: texts[plain],
        steered: texts[steered],
        judged: Object.fromEntries(
          names.flatMap((arm) => [
            [`${arm} score`, scores[arm].searched],
            [`${arm} held out`, scores[arm].heldOut],
          ]),
        ),
      })),
    },
  ];
}

/** Of each prompt. */
export function gainsOf<Arm extends string>(done: readonly Measured<Arm>[], arm: Arm, by: "searched" | "heldOut"): number[] {
  return done.map(({ scores }) => scores[arm][by] - scores["plain" as Arm][by]);
}

function judgedRow(
  given: readonly (number | null)[],
  plain: readonly (number | null)[],
  paired: (differences: readonly number[]) => string,
): Record<string, string | number> {
  const own = given.map((value) => value ?? Number.NaN);
  const differences = own.map((value, i) => value - (plain[i] ?? Number.NaN)).filter(Number.isFinite);
  return { judge: average(own.filter(Number.isFinite)), judgeGain: paired(differences) };
}
