/** `tiller evaluate spanish --judge …`: a judge of the user's choice measures a direction by itself, and which one is meant is looked up. */
import type { TillerClient } from "../../client/client.ts";
import type { TillerError } from "../../protocol/errors.ts";
import { usage } from "../output/failure.ts";

export async function notADirection(target: string, client: TillerClient): Promise<TillerError> {
  const [use] = await directionsOf(target, client);
  return usage(
    `--judge measures a direction, and '${target}' ${use === undefined ? "is not the full name of one" : "is a preset"}`,
    "judge",
    `Write tiller evaluate ${use ?? `direction/${target}`} --judge …`,
  );
}

/** Those that the preset of that name uses; none where there is no such preset. */
async function directionsOf(target: string, client: TillerClient): Promise<string[]> {
  const { presets } = await client.call("preset.list", {});
  const found = presets.find(({ id }) => id === target)?.preset;
  return Object.values(found?.controls ?? {}).map(({ use }) => use);
}
