/** `tiller inspect F`: what is inside a model, and where it can be read and edited. */
import type { Command } from "commander";
import type { Inspection } from "../../protocol/api/model.ts";
import type { Numerics } from "../../protocol/numerics.ts";
import { writeLayers } from "../../protocol/rules/layers.ts";
import { SITE_INFO, SITES } from "../../protocol/sites.ts";
import { action, command } from "../action.ts";
import { resolveModel } from "../arguments/model-argument.ts";
import { bytes, table } from "../output/output.ts";

export function addInspect(program: Command): void {
  command(program, "inspect <model>", "architecture, sizes, sites (with the reason where one is refused), chat template").action(
    action(async (session, [model]) => {
      const client = await session.daemon();
      const id = await resolveModel(model!, session, client);
      const inspection = await client.call("model.inspect", { model: id });
      await session.output.result(inspection, describe);
    }),
  );
}

function describe({ model, facts, numerics, sites, chatTemplate }: Inspection): string {
  const general = table([
    ["model", `${model.name} (${model.id})`],
    ["architecture", facts.architecture],
    ["quantisation", model.quantisation],
    ["file", `${model.fileName}, ${bytes(model.sizeBytes)}, ${facts.parameters.toLocaleString("en")} parameters`],
    ["fingerprint", model.fingerprint],
    ["layers", String(facts.layers)],
    ["width", String(facts.width)],
    ["heads", `${range(facts.heads)} of ${facts.headDim}, ${range(facts.kvHeads)} for keys and values`],
    ["MLP width", range(facts.mlpWidth)],
    ["vocabulary", String(facts.vocabulary)],
    ["context", `${facts.contextTrained} tokens in training`],
    ...(facts.rope === null
      ? []
      : [["rope", `${facts.rope} factors, by the loaded context size: directions found under them fit no other`]]),
    ["output head", facts.tiedHead ? "tied to the embedding" : "its own matrix"],
    ["computed", numericsText(numerics)],
    ...facts.notes.map((note) => ["note", note]),
  ]);
  const template =
    chatTemplate === null
      ? 'No chat template, so it is a base model: turns are paragraphs that begin with "User: " and "Assistant: "; see `tiller render`. `tiller run --raw` continues text.'
      : `Chat template:\n${indent(chatTemplate)}`;
  return `${general}\n\nSites:\n${indent(siteTable(sites))}\n\n${template}`;
}

function numericsText({ flashAttention, kvType, exact }: Numerics): string {
  const attention = flashAttention ? "with flash attention" : "without flash attention";
  return `${attention}, keys and values in ${kvType}${exact ? ", each answer by itself (exact)" : ""}`;
}

function siteTable(sites: Inspection["sites"]): string {
  const rows = SITES.flatMap((name) => {
    const own = sites.filter(({ site }) => site === name);
    const live = own.filter((site) => site.live);
    const reasons = new Map<string, number[]>();
    for (const { live: ok, reason, layer } of own)
      if (!ok) reasons.set(reason ?? "no reason given", [...(reasons.get(reason ?? "no reason given") ?? []), layer]);
    const perLayer = SITE_INFO[name].perLayer;
    return [
      ...(live.length > 0
        ? [
            [
              name,
              range(live.map(({ width }) => width)),
              perLayer ? `layers ${writeLayers(live.map(({ layer }) => layer))}` : "",
              SITE_INFO[name].title,
            ],
          ]
        : []),
      ...[...reasons].map(([reason, layers]) => [name, "refused", perLayer ? `layers ${writeLayers(layers)}` : "", reason]),
    ];
  });
  return table(rows, ["site", "width", "where", ""]);
}

function range(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (values.length === 0) return "none";
  return low === high ? String(low) : `${low} to ${high}`;
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
