/** What a receipt is of: one control in a rack of its own. Fixed when it is asked for; an edit of the preset changes no job that waits. */
import type { Artifact } from "../../protocol/artifact.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { EvaluateParams } from "../../protocol/evaluation.ts";
import { type Preset, PresetSchema } from "../../protocol/preset.ts";
import { PRESET_VERSION } from "../../protocol/version.ts";
import { rackOfControl } from "./plans.ts";

export type Swept = ReturnType<typeof rackOfControl>;

/** @throws TillerError not-found, bad-preset, unknown-control, invalid-params, not-supported */
export function sweptOf(
  { preset, artifact, spec, settings }: Pick<EvaluateParams, "preset" | "artifact" | "spec" | "settings">,
  presetOf: (id: string) => Preset,
): Swept {
  if (preset !== undefined) return rackOfControl(presetOf(preset), spec?.control);
  const name = artifact!
    .split("/")[1]!
    .replaceAll(".", "-")
    .replace(/^(?=[^a-z])/i, "c");
  const { scope, ...own } = settings ?? {};
  const parts = {
    controls: { [name]: { use: artifact, ...own } },
    ...(scope === undefined ? {} : { scope: { [name]: scope } }),
  };
  return rackOfControl(PresetSchema.parse({ tiller: PRESET_VERSION, name: artifact, ...parts }), name);
}

/** @throws TillerError not-found, bad-artifact */
export function checkArtifacts({ rack }: Swept, artifactOf: (id: string) => Artifact | null): void {
  for (const [name, { use }] of Object.entries(rack.controls)) {
    if (artifactOf(use) !== null) continue;
    const field = `controls.${name}.use`;
    throw new TillerError("not-found", `${field}: there is no artifact '${use}'`, {
      field,
      suggestion: "Make it with `tiller vector make`, import it with `tiller vector import`, or correct the name.",
    });
  }
}
