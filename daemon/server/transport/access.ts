/** Which model a request may use: loaded ones and the default with any scope that allows the call; loading others needs `load`. */
import { TillerError } from "../../protocol/errors.ts";
import type { StoredModel } from "../../store/models.ts";
import type { DaemonContext } from "../context.ts";
import { allows, type Identity } from "./auth.ts";

export async function modelFor(context: DaemonContext, identity: Identity, id: string | undefined): Promise<StoredModel> {
  const model = await context.supervisor.find(id);
  if (id === undefined || context.supervisor.isLoaded(model.id) || allows(identity, "load")) return model;
  if ((await context.models.defaultModel())?.id === model.id) return model;
  throw new TillerError("forbidden", `${model.id} is not loaded, and this token may not load it (scope 'load')`, {
    field: "model",
    suggestion: "Use a loaded model, or a token with `--scope load`.",
  });
}
