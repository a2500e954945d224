/**
 * `--preset P` and `--set k=v` as the steering of a request. Without a preset, `k` is a direction of the store: `joy` stands
 * for `direction/joy`, so a direction that was just made can be tried at once.
 */
import type { TillerClient } from "../../client/client.ts";
import type { ParamsIn } from "../../protocol/api/index.ts";
import { TillerError } from "../../protocol/errors.ts";
import { ArtifactIdSchema, ControlNameSchema, PresetIdSchema } from "../../protocol/preset.ts";
import { didYouMean } from "../../protocol/similar.ts";

export type SteeringIn = NonNullable<ParamsIn<"generate.chat">["steering"]>;

export function steeringOf(preset: string | undefined, set: Readonly<Record<string, number>>): SteeringIn | undefined {
  if (preset !== undefined) {
    if (!PresetIdSchema.safeParse(preset).success) {
      throw new TillerError("not-found", `'${preset}' is not the name of a preset`, {
        field: "preset",
        suggestion: "See `tiller presets`; a file is taken in with `tiller presets save FILE`.",
      });
    }
    return Object.keys(set).length === 0 ? { preset } : { preset, set: checked(set) };
  }
  if (Object.keys(set).length === 0) return undefined;
  const controls = Object.fromEntries(
    Object.entries(set).map(([name, strength]) => {
      const use = name.includes("/") ? name : `direction/${name}`;
      if (!ArtifactIdSchema.safeParse(use).success) throw unknown(name);
      return [
        name
          .slice(name.indexOf("/") + 1)
          .replaceAll(".", "-")
          .replace(/^(?=[^a-z])/i, "c"),
        { use, strength },
      ];
    }),
  );
  return { rack: { controls } };
}

/** Says early, and in the user's words, that a direction does not exist. */
export async function checkDirections(steering: SteeringIn | undefined, client: TillerClient): Promise<void> {
  if (steering?.rack === undefined) return;
  const { artifacts } = await client.call("artifact.list", {});
  for (const [name, control] of Object.entries(steering.rack.controls ?? {})) {
    if (artifacts.some((artifact) => artifact.id === control.use)) continue;
    const names = artifacts.map(({ id }) => id.replace(/^direction\//, ""));
    throw new TillerError("unknown-control", `unknown control '${name}': no preset was given, and there is no ${control.use}`, {
      field: `set.${name}`,
      suggestion: `${didYouMean(name, names)}Give a preset (see \`tiller presets\`)${artifacts.length === 0 ? "" : `, or one of ${artifacts.map(({ id }) => id).join(", ")}`}.`,
    });
  }
}

function checked(set: Readonly<Record<string, number>>): Record<string, number> {
  for (const name of Object.keys(set)) if (!ControlNameSchema.safeParse(name).success) throw unknown(name);
  return { ...set };
}

function unknown(name: string): TillerError {
  return new TillerError("unknown-control", `unknown control '${name}'`, {
    field: `set.${name}`,
    suggestion: "`tiller presets show P` lists a preset's controls.",
  });
}
