/** Values of an entry that can be chosen from: words of the schema, artifacts, figures of the model and of the evidence. */
import { CompletionItemKind } from "vscode-languageserver";
import type { ArtifactEntry } from "../../daemon/protocol/api/library.ts";
import { evidenceRange } from "../../daemon/protocol/evidence.ts";
import { fieldsOf } from "../../daemon/protocol/rules/form.ts";
import type { Cursor } from "../cursor.ts";
import { artifactText, escaped } from "../describe/artifact.ts";
import { choiceAt } from "../schema.ts";
import type { ControlView, View } from "../view.ts";
import type { Offer } from "./offer.ts";

export function valuesAt(view: View, { path }: Cursor): Offer[] {
  const [part, name, key] = path;
  const control = view.controls.find((one) => one.name === name);
  if ((part === "controls" && key === "use") || (part === "hold" && key === "probe")) return artifacts(view);
  if (part === "controls" && key === "strength") return strengths(control);
  if (part === "controls" && key === "range") return ranges(control);
  if (part === "model" && name !== undefined) return models(view, name);
  if (part === "controls" && key === "with" && path[3] !== undefined) {
    const field = fieldsOf(control?.method?.control.params ?? {}).find((one) => one.key === path[3]);
    if (field?.widget === "layers") return layers(view, control);
  }
  const choice = choiceAt(view, path);
  return (choice?.values ?? []).map((value) => ({
    label: value,
    kind: CompletionItemKind.EnumMember,
    help: escaped(choice!.meanings[value] ?? ""),
  }));
}

/** Those of the model first. */
function artifacts({ known, model }: View): Offer[] {
  const fits = ({ model: made }: ArtifactEntry): boolean =>
    model === null || made.fingerprint === null || made.fingerprint === model.fingerprint;
  return (known?.artifacts ?? []).map((artifact) => ({
    label: artifact.id,
    kind: CompletionItemKind.Class,
    order: artifact.problem === null && fits(artifact) ? "1" : "9",
    detail: artifact.problem ?? (fits(artifact) ? artifact.title : `found in another model than ${model!.name}`),
    help: artifactText(artifact, known),
  }));
}

function strengths(control: ControlView | undefined): Offer[] {
  const points = control?.receipt?.points ?? [];
  return points.map(({ strength, usable }) => ({
    label: String(strength),
    kind: CompletionItemKind.Value,
    detail:
      strength === 0
        ? "off"
        : `measured${usable ? "" : ": does damage"}${strength === control!.receipt!.best ? ": the strongest effect" : ""}`,
  }));
}

function ranges(control: ControlView | undefined): Offer[] {
  const receipt = control?.receipt ?? null;
  const measured = receipt === null ? null : evidenceRange(receipt);
  const shown =
    measured === null || measured.low === measured.high ? [] : [{ range: [measured.low, measured.high] as const, why: "the evidence" }];
  const own = control?.method?.control.ranges.find(({ when }) =>
    Object.entries(when).every(([key, value]) => control.control.with?.[key] === value),
  );
  const all = [...shown, ...(own === undefined ? [] : [{ range: own.range, why: "the method's own" }])];
  return all.map(({ range, why }) => ({ label: `[${range[0]}, ${range[1]}]`, kind: CompletionItemKind.Value, detail: why }));
}

function models({ known }: View, key: string): Offer[] {
  if (key !== "fingerprint" && key !== "architecture" && key !== "layers") return [];
  const values = new Map((known?.models ?? []).map((model) => [String(model[key]), model.name]));
  return [...values].map(([label, name]) => ({ label, kind: CompletionItemKind.Value, detail: name }));
}

/** All, the artifact's own, the halves, and each by itself. */
function layers({ model }: View, control: ControlView | undefined): Offer[] {
  const count = model?.layers ?? control?.artifact?.model.layers;
  if (count === undefined) return [];
  const half = Math.floor(count / 2);
  const own = control?.artifact?.settings["layers"];
  const ranges: [string, string][] = [
    [`0-${count - 1}`, "all layers"],
    ...(half > 0
      ? ([
          [`0-${half - 1}`, "the lower half"],
          [`${half}-${count - 1}`, "the upper half"],
        ] as [string, string][])
      : []),
  ];
  return [
    ...(Array.isArray(own)
      ? [{ label: `[${own.join(", ")}]`, kind: CompletionItemKind.Value, detail: "the artifact's own", order: "0" }]
      : []),
    ...ranges.map(([label, detail]) => ({ label, kind: CompletionItemKind.Value, detail, order: "1" })),
    ...Array.from({ length: count }, (_, layer) => ({
      label: `"${layer}"`,
      kind: CompletionItemKind.Value,
      detail: `layer ${layer}`,
      order: `2${String(layer).padStart(4, "0")}`,
    })),
  ];
}
