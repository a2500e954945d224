/** The text fields of "New slider" as the parameters of a directions job, or what is missing. */
import type { ParamsIn } from "../../daemon/protocol/api/index.ts";

export type DirectionsJob = Extract<ParamsIn<"job.start">, { kind: "directions" }>["params"];

export interface ContrastForm {
  readonly name: string;
  readonly kind: "templates" | "pairs";
  readonly positive: string;
  readonly negative: string;
  readonly texts: string;
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
  method: "mean-difference",
  render: "raw",
  readAt: "last",
  site: "resid",
  layers: 1,
  seed: 7,
};

export function jobOf(form: ContrastForm, model: string | null): { params: DirectionsJob } | { problem: string } {
  const stem = form.name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replaceAll(/^[^a-z0-9]+|-+$/g, "");
  if (stem === "") return { problem: "Give it a name." };
  const common = {
    id: `direction/${stem.slice(0, 64)}`,
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
