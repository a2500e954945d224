/** The text fields of "New slider" as the parameters of a directions job, or what is missing. */
import type { ParamsIn } from "../../daemon/protocol/api/index.ts";
import { JUDGE_HINT, parseJudge } from "../../daemon/protocol/judge-name.ts";

export type DirectionsJob = Extract<ParamsIn<"job.start">, { kind: "directions" }>["params"];

export interface ContrastForm {
  readonly name: string;
  readonly kind: "templates" | "pairs" | "words";
  readonly positive: string;
  readonly negative: string;
  readonly texts: string;
  /** of kind `words`: what is wished for, against what, and who judges it */
  readonly from: string;
  readonly opposite: string;
  readonly judge: string;
  readonly method: "mean-difference" | "pca";
  readonly render: "chat" | "raw";
  readonly readAt: "last" | "mean";
  readonly site: "resid" | "attn.out" | "mlp.out";
  readonly layers: number;
  readonly seed: number;
}

export const EMPTY_FORM: ContrastForm = {
  name: "",
  kind: "templates",
  positive: "You are very happy. {}",
  negative: "You are very sad. {}",
  texts: "",
  from: "",
  opposite: "",
  judge: "",
  method: "mean-difference",
  render: "raw",
  readAt: "last",
  site: "resid",
  layers: 1,
  seed: 7,
};

/** The job that the form asks for. */
export function requestOf(form: ContrastForm, model: string | null): { request: ParamsIn<"job.start"> } | { problem: string } {
  if (form.kind === "words") return sliderOf(form, model);
  const job = jobOf(form, model);
  return "problem" in job ? job : { request: { kind: "directions", params: job.params } };
}

function sliderOf(form: ContrastForm, model: string | null): { request: ParamsIn<"job.start"> } | { problem: string } {
  const from = form.from.trim();
  if (from === "") return { problem: "Say what the slider should do, in a word or a sentence." };
  const id = idOf(form.name.trim() === "" ? from : form.name);
  if (id === null) return { problem: "Give it a name." };
  const judge = parseJudge(form.judge);
  if (form.judge.trim() !== "" && judge === null) return { problem: JUDGE_HINT };
  const params = {
    id,
    from,
    title: (form.name.trim() === "" ? from : form.name.trim()).slice(0, 120),
    ...(form.opposite.trim() === "" ? {} : { opposite: form.opposite.trim() }),
    ...(judge === null ? {} : { judge }),
    ...(model === null ? {} : { model }),
    layers: form.layers,
    seed: form.seed,
  };
  return { request: { kind: "slider", params } };
}

function idOf(name: string): string | null {
  const stem = name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replaceAll(/^[^a-z0-9]+/g, "")
    .slice(0, 64)
    .replace(/[._-]+$/, "");
  return stem === "" ? null : `direction/${stem}`;
}

export function jobOf(form: ContrastForm, model: string | null): { params: DirectionsJob } | { problem: string } {
  const id = idOf(form.name);
  if (id === null) return { problem: "Give it a name." };
  const common = {
    id,
    title: form.name.trim().slice(0, 120),
    ...(model === null ? {} : { model }),
    method: form.method,
    render: form.render,
    readAt: form.readAt,
    site: form.site,
    layers: form.layers,
    seed: form.seed,
  };
  if (form.kind === "templates") {
    const texts = lines(form.texts);
    if (!form.positive.includes("{}") || !form.negative.includes("{}")) return { problem: "Both templates need {} where the text goes." };
    if (texts.length < 2) return { problem: "Give at least two texts, one a line." };
    return { params: { ...common, templates: { positive: form.positive, negative: form.negative, texts } } };
  }
  const positive = lines(form.positive);
  const negative = lines(form.negative);
  if (positive.length !== negative.length)
    return { problem: `Both sides need as many lines: there are ${positive.length} with and ${negative.length} without.` };
  if (positive.length < 2) return { problem: "Give at least two pairs, one a line." };
  return { params: { ...common, pairs: positive.map((text, i) => ({ positive: text, negative: negative[i]! })) } };
}

function lines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
