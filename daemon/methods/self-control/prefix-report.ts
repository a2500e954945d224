/** What the training of a prefix shows: loss and score by epoch, the answers beside those of others, how much of the search is kept, damage. */
import type { Block } from "../../protocol/report.ts";
import type { Lab } from "../contract.ts";
import { average } from "../shared/numbers.ts";
import type { PrefixArm } from "./checkpoint.ts";
import { guidelineOf } from "./guidelines.ts";
import type { MeasuredPrefix } from "./measure.ts";
import { OBJECTIVES, type Train } from "./params.ts";
import { armsReport, gainsOf } from "./report.ts";
import type { Progress } from "./train.ts";

export function prefixReport(
  params: Train,
  { history, best }: Pick<Progress, "history" | "best">,
  { arms, done, judged, bits }: MeasuredPrefix,
  interval: Lab["interval"],
): Block[] {
  const { guideline } = guidelineOf(params);
  const blocks = armsReport({
    summary: `Guideline: the answer ${guideline}. ${params.rows} rows, trained for ${OBJECTIVES[params.objective]}; kept from epoch ${best.epoch} of ${history.length - 1}. ${shareOf(done, interval)} Measured on prompts that neither trained it nor chose when to stop.`,
    arms: arms as Readonly<Record<PrefixArm, string>>,
    steered: "prefix",
    done,
    judged,
    interval,
  });
  return [...blocks.slice(0, 2), epochs(history), damage(bits, interval), ...blocks.slice(2)];
}

/** How much of the search's gain a prefix keeps, by each question, where the search surely gained something. */
function shareOf(done: MeasuredPrefix["done"], interval: Lab["interval"]): string {
  if (done.length === 0 || done[0]!.scores.controlled === undefined) return "";
  const parts = (["searched", "heldOut"] as const).map((by) => {
    const question = by === "searched" ? "the question that was searched with" : "the held-out question";
    const [own, search] = [gainsOf(done, "prefix", by), gainsOf(done, "controlled", by)];
    if (interval(search.map((one) => [one])).low <= 0) return `by ${question} the search itself did not surely gain anything`;
    return `by ${question} it keeps ${Math.round((100 * average(own)) / average(search))} % of the search's gain`;
  });
  const text = parts.join("; ");
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}

function epochs(history: Progress["history"]): Block {
  const values = history.flatMap(({ epoch, loss, score }) => [
    ...(loss === null ? [] : [{ epoch, figure: "training loss", value: loss }]),
    { epoch, figure: "own score on prompts that choose", value: score },
  ]);
  return {
    type: "chart",
    id: "epochs",
    title: "Training",
    description:
      "Loss over the prompts that are trained on, and the model's own score of its answers to those that choose when to stop, by epoch.",
    spec: {
      data: { values },
      mark: { type: "line", point: true },
      encoding: {
        x: { field: "epoch", type: "quantitative", title: "epoch", axis: { tickMinStep: 1 } },
        y: { field: "value", type: "quantitative", title: null, scale: { zero: false } },
        row: { field: "figure", type: "nominal", title: null },
      },
      resolve: { scale: { y: "independent" } },
    },
  };
}

function damage(bits: MeasuredPrefix["bits"], interval: Lab["interval"]): Block {
  const row = (arm: "plain" | "prefix" | "random", title: string) => {
    const { value, low, high } = interval(bits[arm].map((own, i) => [own - bits.plain[i]!]));
    const more = `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
    return { arm: title, bits: average(bits[arm]), more: arm === "plain" ? "–" : more };
  };
  return {
    type: "table",
    id: "damage",
    title: "Plain text",
    columns: [
      { key: "arm", title: "under" },
      { key: "bits", title: "surprise", unit: "bits per token" },
      { key: "more", title: "more than plain", unit: "bits per token" },
    ],
    rows: [row("plain", "plain model"), row("prefix", "prefix"), row("random", "random rows of equal norm")],
    note: `${bits.plain.length} texts that no model here was trained on.`,
  };
}
