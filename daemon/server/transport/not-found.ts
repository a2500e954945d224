/** What is said of a name that nothing has: what was probably meant, or where names are listed. */
import { TillerError } from "../../protocol/errors.ts";
import { didYouMean, similar } from "../../protocol/similar.ts";

interface Named {
  readonly id: string;
}

/** A direction is often named without its kind, where only a preset goes by one word. */
export function noPreset(id: string, field: string, presets: readonly Named[], artifacts: readonly Named[]): TillerError {
  const direction = artifacts.find((artifact) => artifact.id === `direction/${id}`)?.id;
  return new TillerError("not-found", `there is no preset '${id}'`, {
    field,
    suggestion:
      direction === undefined
        ? `${didYouMean(id, names(presets))}See \`tiller presets\`.`
        : `Did you mean ${direction}? \`--set ${id}=1\` steers by it, \`tiller evaluate ${direction}\` measures it.`,
  });
}

export function noArtifact(id: string, field: string, artifacts: readonly Named[]): TillerError {
  const found = similar(id, names(artifacts));
  return new TillerError("not-found", `there is no artifact '${id}'`, {
    field,
    suggestion: found === null ? "See `tiller vector list`." : `Did you mean ${found}? See \`tiller vector list\`.`,
  });
}

const ENDS_IN_V1 = "The base URL for clients of OpenAI ends in /v1, once";

/** Clients put their own path behind the base URL that they were given: its end is nearly always what is wrong. */
export function noRoute(path: string, server: string, routes: readonly string[]): TillerError {
  const shown = path.length > 200 ? `${path.slice(0, 200)}…` : path;
  const meant = routes.find((route) => path !== route && (path.endsWith(route) || `/v1${path}` === route || `/v1${path}`.endsWith(route)));
  const close = meant ?? similar(path, routes);
  return new TillerError("not-found", `there is no ${shown} here`, {
    field: "path",
    suggestion: `${close === null ? "" : `Did you mean ${close}? `}${ENDS_IN_V1}: ${server}/v1. \`tiller docs\` lists every path.`,
  });
}

function names(all: readonly Named[]): string[] {
  return all.map(({ id }) => id);
}
