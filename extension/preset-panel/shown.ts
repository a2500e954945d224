/** What a preset's panel shows of a text, beside what is known. Pure. */
import { describeProblems } from "../../daemon/compiler/parse.ts";
import type { PanelControl, PanelShown } from "../../daemon/protocol/panel.ts";
import { GateSchema, HoldSchema } from "../../daemon/protocol/preset.ts";
import { actingOf, rangeOf } from "../../daemon/protocol/rules/control.ts";
import { findingsOf } from "../../language-server/features/diagnostics.ts";
import { recordOf } from "../../language-server/text.ts";
import type { ControlView, View } from "../../language-server/view.ts";

export function panelShown(view: View): PanelShown {
  const { text, known } = view;
  const wrong = new Map<string, string>();
  for (const { path, severity, message } of findingsOf(view))
    if (path[0] === "controls" && path.length > 1 && severity !== "information") wrong.set(String(path[1]), message);
  const model = recordOf(text.value("model"))["fingerprint"];
  return {
    name: textOf(text.value("name")) || "Preset",
    description: textOf(text.value("description")),
    model: known?.models.find(({ fingerprint }) => fingerprint === model)?.name ?? null,
    controls: view.controls.map((control) => controlShown(view, control, wrong.get(control.name) ?? null)),
    gates: Object.entries(recordOf(text.value("when"))).flatMap(([probe, condition]) =>
      GateSchema.safeParse(condition).success ? [{ probe, condition: String(condition) }] : [],
    ),
    problems: "problems" in text.parsed ? text.parsed.problems.slice(0, 3).map((problem) => describeProblems([problem])) : [],
  };
}

function controlShown(
  { text, known }: View,
  { name, control, scope, artifact, receipt }: ControlView,
  problem: string | null,
): PanelControl {
  const hold = HoldSchema.safeParse(recordOf(text.value("hold"))[name]);
  const settings = Object.entries(control.with ?? {}).map(
    ([key, value]) => `${key} ${Array.isArray(value) ? value.join(", ") : String(value)}`,
  );
  return {
    name,
    title: control.title ?? name,
    description: control.description ?? artifact?.description ?? "",
    use: control.use,
    strength: control.strength,
    range: rangeOf(control, known?.methods ?? []),
    scope: scope ?? "all",
    settings: settings.join(", "),
    hold: hold.success ? hold.data : null,
    receipt,
    acting: actingOf(control, scope, artifact),
    problem,
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
