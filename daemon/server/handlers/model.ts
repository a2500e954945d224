/** `model.*` */
import { TillerError } from "../../protocol/errors.ts";
import { foundModels } from "../../store/found-models.ts";
import { ownFile } from "../../store/own-file.ts";
import type { DaemonContext } from "../context.ts";
import { modelFor } from "../transport/access.ts";
import type { Handlers } from "../transport/dispatch.ts";

type Names =
  | "model.list"
  | "model.inspect"
  | "model.estimate"
  | "model.load"
  | "model.unload"
  | "model.found"
  | "model.add"
  | "model.offer"
  | "model.download"
  | "model.remove";

export function modelHandlers(context: DaemonContext): Pick<Handlers, Names> {
  const { supervisor, models } = context;
  return {
    "model.list": async () => ({ models: await supervisor.list() }),
    "model.inspect": async ({ model: id }, { client }) => {
      const model = await modelFor(context, client.identity, id);
      const engine = await supervisor.acquire(model);
      engine.release();
      const { facts, numerics, sites, template } = engine.info;
      const chatTemplate = template.origin === "plain" ? null : template.source;
      return { model: supervisor.describe(model), facts, numerics, sites, chatTemplate, templateProblem: template.problem };
    },
    "model.estimate": async ({ model: id, options }, { client }) => {
      const model = await modelFor(context, client.identity, id);
      return supervisor.estimate(model, options);
    },
    "model.load": async ({ model: id, options }) => {
      const loaded = await supervisor.load(await supervisor.find(id), options);
      context.grants.allow(loaded.id);
      return loaded;
    },
    "model.unload": async ({ model: id }) => {
      const model = await models.resolve(id);
      context.grants.withdraw(model.id);
      return supervisor.unload(model);
    },
    "model.found": async () => {
      const known = new Map((await models.list()).map(({ path, id }) => [path, id]));
      return { files: foundModels().map(({ path, ...file }) => ({ ...file, model: known.get(path) ?? null })) };
    },
    "model.add": async ({ found, path }) => {
      const file = found === undefined ? null : foundModels().find(({ id }) => id === found);
      if (file === undefined)
        throw new TillerError("not-found", "this file is not there any more", {
          field: "found",
          suggestion: "Look again for what there is.",
        });
      const model = await models.add(file === null ? ownFile(path!) : file.path, file?.program === "Ollama" ? { name: file.name } : {});
      return supervisor.announce(model);
    },
    "model.offer": ({ uri }, { signal }) => context.downloads.offer(uri, signal),
    "model.download": async ({ uri }, { client, signal }) => {
      const file = await context.downloads.run(uri, signal, (progress) =>
        client.notify("model.progress", { phase: "download", ...progress }),
      );
      return supervisor.announce(await models.add(file, { downloaded: true }));
    },
    "model.remove": async ({ model: id }) => {
      const model = await models.resolve(id);
      if (model.embedded) throw new TillerError("forbidden", `${id} belongs to the program and cannot be removed`, { field: "model" });
      await supervisor.unload(model);
      context.templates.write(id, null);
      return { removed: models.remove(id) };
    },
  };
}
