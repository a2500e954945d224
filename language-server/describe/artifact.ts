/** An artifact and its evidence in Markdown, for hovers and completions. */
import type { ArtifactEntry } from "../../daemon/protocol/api/library.ts";
import { evidenceRange } from "../../daemon/protocol/evidence.ts";
import type { Receipt } from "../../daemon/protocol/receipt.ts";
import type { Known } from "../knowledge.ts";
import type { ControlView } from "../view.ts";
import { chart, formatStrength } from "./figures.ts";

export function artifactText(artifact: ArtifactEntry, known: Known | null): string {
  const { id, title, description, model, method, provenance, quality, problem } = artifact;
  const home = known?.models.find(({ fingerprint }) => fingerprint === model.fingerprint);
  const where = home?.name ?? `${model.architecture}, ${model.layers} layers of width ${model.width}`;
  const source = provenance.source === "" ? "" : `, ${provenance.source}`;
  const lines = [
    `**${escaped(title === "" ? id : title)}** (\`${id}\`)`,
    escaped(description),
    `Found by ${escaped(method.id)} in ${escaped(where)}${escaped(source)}.`,
    quality === null ? "" : escaped(quality),
    problem === null ? "" : `It cannot be used: ${escaped(problem)}`,
  ];
  return lines.filter((line) => line !== "").join("\n\n");
}

/** What was measured of a control; says where it was measured with other settings. */
export function evidenceText({ receipt, measured, artifact }: ControlView): string {
  if (artifact === undefined) return "";
  if (receipt === null) return "No evidence of its effect was measured yet.";
  const other = measured ? "" : "\n\nMeasured with other settings than these: it says little about this control.";
  return `${receiptText(receipt)}${other}`;
}

export function receiptText(receipt: Receipt): string {
  const { low, high } = evidenceRange(receipt);
  const range =
    low === 0 && high === 0
      ? "No strength was measured to work."
      : `The evidence goes from ${formatStrength(low)} to ${formatStrength(high)}.`;
  const how = `${receipt.judge.title}, ${receipt.points[0]!.n} answers at each strength, against ${receipt.draws} random directions of the same size.`;
  return [escaped(receipt.summary), range, fenced(chart(receipt)), escaped(how)].join("\n\n");
}

/** Texts of artifacts come from elsewhere: none of it is Markdown. */
export function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+!<>|~-]/g, "\\$&");
}

function fenced(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}
