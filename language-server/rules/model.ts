/** The model that a preset names beside the models that there are. */
import type { Model } from "../../daemon/protocol/api/model.ts";
import { modelOf } from "../knowledge.ts";
import type { View } from "../view.ts";
import { type Finding, fixes } from "./finding.ts";

const FIELDS = ["fingerprint", "architecture", "layers"] as const;

export function modelFindings(view: View): Finding[] {
  const wanted = view.text.preset?.model;
  const present = modelOf(view.known, undefined);
  if (wanted === undefined || present === null) return [];
  return FIELDS.flatMap((field): Finding[] => {
    const want = wanted[field];
    if (want === undefined || want === present[field]) return [];
    const known = view.known!.models.find((model) => model[field] === want);
    const path = ["model", field];
    return [
      {
        path,
        code: "wrong-model",
        severity: known === undefined ? "warning" : "information",
        message: `the preset is for ${known === undefined ? `a model whose ${field} is ${want}` : known.name}; ${present.name}, the one that answers by default, refuses it`,
        fixes: fixes(
          [`Make it for ${present.name}`, view.text.set(path, (present as Model)[field])],
          ["Do not name a model", view.text.remove(["model"])],
        ),
      },
    ];
  });
}
