/** Settings of a control under `with`: what its method's schema refuses, and layers that the model does not have. */
import * as z from "zod";
import type { MethodEntry } from "../../daemon/protocol/api/experiment.ts";
import { settingsFor } from "../../daemon/protocol/rules/control.ts";
import { fieldsOf, type JsonSchema } from "../../daemon/protocol/rules/form.ts";
import { layerNumbers, writeLayers } from "../../daemon/protocol/rules/layers.ts";
import { similar } from "../../daemon/protocol/similar.ts";
import { choiceAt, keysAt } from "../schema.ts";
import type { ControlView, View } from "../view.ts";
import { type Finding, type Fix, fixes } from "./finding.ts";

const checks = new WeakMap<JsonSchema, z.ZodType>();

export function settingFindings(view: View): Finding[] {
  return view.controls.flatMap((control) => [...refused(view, control), ...missingLayers(view, control)]);
}

function refused(view: View, { name, control, method, artifact }: ControlView): Finding[] {
  if (method === undefined || control.with === undefined) return [];
  const above = ["controls", name, "with"];
  // what an artifact has by itself need not be said
  const parsed = checkOf(method).safeParse(settingsFor(control, artifact));
  return (parsed.error?.issues ?? []).flatMap((issue) => {
    const keys = issue.code === "unrecognized_keys" ? issue.keys : [String(issue.path[0] ?? "")];
    return keys
      .filter((key) => Object.hasOwn(control.with!, key))
      .map((key): Finding => {
        const path = [...above, key];
        if (issue.code !== "unrecognized_keys")
          return { path, code: "bad-preset", severity: "error", message: `${key}: ${issue.message}`, fixes: wordFixes(view, path) };
        const names = keysAt(view, above).map((choice) => choice.name);
        const meant = similar(key, names);
        const span = view.text.spot(path)?.key ?? null;
        const change = meant === null || span === null ? null : { start: span[0], end: span[1], text: meant };
        return {
          path,
          part: "key",
          code: "bad-preset",
          severity: "error",
          message: `controls of '${method.kind}/…' have no setting '${key}'; there is ${names.join(", ")}`,
          fixes: fixes([`Change to '${meant}'`, change, true], [`Remove '${key}'`, view.text.remove(path), change === null]),
        };
      });
  });
}

function wordFixes(view: View, path: readonly string[]): Fix[] {
  const written = view.text.spot(path)?.value ?? null;
  const words = choiceAt(view, path)?.values ?? [];
  const meant = written === null ? null : similar(view.text.text.slice(...written), words);
  return fixes(
    [`Change to '${meant}'`, meant === null ? null : view.text.set(path, meant), true],
    ["Remove it: the artifact's own holds", view.text.remove(path)],
  );
}

function missingLayers({ text, model }: View, { name, control, method }: ControlView): Finding[] {
  if (model === null || method === undefined) return [];
  return fieldsOf(method.control.params)
    .filter(({ widget }) => widget === "layers")
    .flatMap(({ key }) => {
      const value = control.with?.[key];
      const layers = typeof value === "string" || isNumbers(value) ? layerNumbers(value) : null;
      const missing = layers?.find((layer) => layer >= model.layers);
      if (layers == null || missing === undefined) return [];
      const path = ["controls", name, "with", key];
      const left = layers.filter((layer) => layer < model.layers);
      const kept = typeof value === "string" ? writeLayers(left) : left;
      return [
        {
          path,
          code: "out-of-range",
          severity: "error" as const,
          message: `layer ${missing} does not exist; ${model.name} has layers 0 to ${model.layers - 1}`,
          fixes: fixes(
            [
              `Keep the layers that there are: ${typeof kept === "string" ? kept : kept.join(", ")}`,
              left.length === 0 ? null : text.set(path, kept),
              true,
            ],
            ["Remove it: the artifact's own layers hold", text.remove(path), left.length === 0],
          ),
        },
      ];
    });
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => typeof item === "number");
}

function checkOf({ control: { params } }: MethodEntry): z.ZodType {
  const known = checks.get(params);
  if (known !== undefined) return known;
  const check = z.fromJSONSchema(params as Parameters<typeof z.fromJSONSchema>[0]);
  checks.set(params, check);
  return check;
}
