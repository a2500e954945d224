/** The text fields of "New slider" as the parameters of a directions job, or what is missing. */
import type { ParamsIn } from "../../daemon/protocol/api/index.ts";
import { JUDGE_HINT, parseJudge } from "../../daemon/protocol/judge-name.ts";
import { idStem } from "../../daemon/protocol/rules/slug.ts";

export type DirectionsJob = Extract<ParamsIn<"job.start">, { kind: "directions" }>["params"];

export interface ContrastForm {
  readonly name: string;
  readonly kind: "templates" | "pairs" | "words";
  /** of kind `templates` */
  readonly positive: string;
  readonly negative: string;
  readonly texts: string;
  /** of kind `pairs`: one text a line, line for line */
  readonly withIt: string;
  readonly withoutIt: string;
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
  withIt: "",
  withoutIt: "",
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

type MakingRequest = Exclude<ParamsIn<"job.start">, { kind: "receipt" }>;

/** The job that the form asks for. `replace`: also where the name is taken. */
export function requestOf(form: ContrastForm, model: string | null, replace = false): { request: MakingRequest } | { problem: string } {
  if (form.kind === "words") return sliderOf(form, model, replace);
  const job = jobOf(form, model);
  return "problem" in job ? job : { request: { kind: "directions", params: { ...job.params, replace } } };
}

function sliderOf(form: ContrastForm, model: string | null, replace: boolean): { request: MakingRequest } | { problem: string } {
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
    replace,
  };
  return { request: { kind: "slider", params } };
}

function idOf(name: string): string | null {
  const stem = idStem(name, "slider");
  return stem === null ? null : `direction/${stem}`;
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
  const positive = lines(form.withIt);
  const negative = lines(form.withoutIt);
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
