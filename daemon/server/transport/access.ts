/**
 * Which model a request may use: loaded ones, the default and those that the owner has loaded once (they unload when nobody uses
 * them) with any scope that allows the call; loading others needs `load`.
 */
import { TillerError } from "../../protocol/errors.ts";
import type { StoredModel } from "../../store/models.ts";
import type { DaemonContext } from "../context.ts";
import { allows, type Identity } from "./auth.ts";

export async function modelFor(context: DaemonContext, identity: Identity, id: string | undefined): Promise<StoredModel> {
  const model = await context.supervisor.find(id);
  if (id === undefined || context.supervisor.isLoaded(model.id) || allows(identity, "load")) return model;
  if (context.grants.mayUse(model.id)) return model;
  if ((await context.models.defaultModel())?.id === model.id) return model;
  throw new TillerError("forbidden", `${model.id} was never loaded by who may, and this token may not load it (scope 'load')`, {
    field: "model",
    suggestion: "Use a loaded model, or a token with `--scope load`.",
  });
}
