/** What a search shows: means with 95 % intervals of paired differences, and every answer. */
import type { Block } from "../../protocol/report.ts";
import type { Lab } from "../contract.ts";
import { average } from "../shared/numbers.ts";
import type { Params } from "./params.ts";

export const ARMS = ["plain", "controlled", "prompted", "random"] as const;
export type Arm = (typeof ARMS)[number];

export interface Measured {
  readonly prompt: string;
  /** after which the best answer was found; 0: none was better than the plain one */
  readonly iterations: number;
  readonly texts: Readonly<Record<Arm, string>>;
  /** d, see score.ts, by the suffix that was searched with and by one that was not */
  readonly scores: Record<Arm, { searched: number; heldOut: number }>;
}

const TITLES: Readonly<Record<Arm, string>> = {
  plain: "plain model",
  controlled: "self-control",
  prompted: "prompting",
  random: "random control of equal norm",
};

export function searchReport(
  done: readonly Measured[],
  params: Params,
  judged: Readonly<Record<string, (number | null)[]>> | null,
  interval: Lab["interval"],
): Block[] {
  /** Mean difference over prompts. */
  const paired = (differences: readonly number[]): string => {
    if (differences.length === 0) return "–";
    const { value, low, high } = interval(differences.map((one) => [one]));
    return `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
  };
  const rows = ARMS.map((arm) => {
    const gain = paired(done.map(({ scores }) => scores[arm].searched - scores.plain.searched));
    const held = paired(done.map(({ scores }) => scores[arm].heldOut - scores.plain.heldOut));
    const judge = judged === null ? {} : judgedRow(judged, arm, paired);
    return {
      arm: TITLES[arm],
      score: average(done.map(({ scores }) => scores[arm].searched)),
      gain,
      heldOut: average(done.map(({ scores }) => scores[arm].heldOut)),
      heldOutGain: held,
      ...judge,
    };
  });
  const moved = done.filter(({ iterations }) => iterations > 0).length;
  return [
    {
      type: "prose",
      id: "summary",
      text: `Guideline: the answer ${params.guideline}. The search found a better answer for ${moved} of ${done.length} prompts. Scores are log-probabilities of yes less those of no, in nats, on the plain model; the interval is of the mean difference to the plain answer. The held-out question was not searched with: what rises only under the searched one fools the question, not the reader.`,
    },
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
        ...(judged === null
          ? []
          : [
              { key: "judge", title: "judge" },
              { key: "judgeGain", title: "against plain, judge" },
            ]),
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
        plain: texts.plain,
        steered: texts.controlled,
        judged: Object.fromEntries(
          ARMS.flatMap((arm) => [
            [`${arm} score`, scores[arm].searched],
            [`${arm} held out`, scores[arm].heldOut],
          ]),
        ),
      })),
    },
  ];
}

function judgedRow(
  judged: Readonly<Record<string, (number | null)[]>>,
  arm: Arm,
  paired: (differences: readonly number[]) => string,
): Record<string, string | number> {
  const own = judged[arm]!.map((value) => value ?? Number.NaN);
  const differences = own.map((value, i) => value - (judged["plain"]![i] ?? Number.NaN)).filter(Number.isFinite);
  return { judge: average(own.filter(Number.isFinite)), judgeGain: paired(differences) };
}
