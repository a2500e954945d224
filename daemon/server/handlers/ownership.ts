/**
 * Whose things are: an app's token with the scope `library` makes new ones and changes those that it made, never the owner's, the
 * program's or another app's. The owner changes all.
 */
import type { MethodName, Params } from "../../protocol/api/index.ts";
import { TillerError } from "../../protocol/errors.ts";
import { ArtifactIdSchema } from "../../protocol/preset.ts";
import type { DaemonContext } from "../context.ts";
import { allows, type Identity } from "../transport/auth.ts";
import type { Call, Handler, Handlers } from "../transport/dispatch.ts";

interface Rule<M extends MethodName> {
  /** what a call changes or makes; null: nothing that has an owner */
  readonly thing: (params: Params<M>) => string | null;
  /** whether the thing is there before the call */
  readonly present: (params: Params<M>) => boolean;
  /** what the call has made, beside the thing */
  readonly made?: (result: unknown) => string;
}

type Rules = { readonly [M in MethodName]?: Rule<M> };

export function withOwners(context: DaemonContext, handlers: Handlers): Handlers {
  const { presets, artifacts, jobs, grants } = context;
  const rules: Rules = {
    "preset.save": { thing: ({ id }) => `preset:${id}`, present: ({ id }) => presets.get(id) !== null },
    "preset.delete": { thing: ({ id }) => `preset:${id}`, present: ({ id }) => presets.get(id) !== null },
    "artifact.delete": { thing: ({ id }) => `artifact:${id}`, present: ({ id }) => artifacts.has(id) },
    // every experiment that makes an artifact takes its id by this name
    "experiment.start": {
      thing: ({ params: { id } }) => (typeof id === "string" ? `artifact:${id}` : null),
      present: ({ params: { id } }) => typeof id === "string" && ArtifactIdSchema.safeParse(id).success && artifacts.has(id),
      made: (job) => `job:${(job as { id: string }).id}`,
    },
    "job.cancel": { thing: ({ job }) => `job:${job}`, present: () => true },
    "job.retry": { thing: ({ job }) => `job:${job}`, present: () => true },
  };
  const guarded = Object.entries(rules).map(([method, rule]) => [
    method,
    guard(rule as Rule<never>, handlers[method as MethodName] as never),
  ]);
  return { ...handlers, ...Object.fromEntries(guarded) };

  function guard<M extends MethodName>(rule: Rule<M>, handler: Handler<M>): Handler<M> {
    return async (params: Params<M>, call: Call) => {
      const { identity } = call.client;
      const thing = rule.thing(params);
      const present = thing !== null && rule.present(params);
      if (present && !mayChange(identity, thing)) {
        const [kind, id] = [thing.slice(0, thing.indexOf(":")), thing.slice(thing.indexOf(":") + 1)];
        throw new TillerError("forbidden", `the ${kind} '${id}' was not made by this token, which may only change its own`, {
          field: kind === "job" ? "job" : "id",
          suggestion: kind === "job" ? "Its owner can." : "Choose another id.",
        });
      }
      const known = new Set(jobs.list().map(({ id }) => `job:${id}`));
      const result = await handler(params, call);
      if (thing !== null && !present) grants.claim(thing, identity.tokenId);
      const made = rule.made?.(result);
      // what was asked for before is the same job, and stays whose it was
      if (made !== undefined && !known.has(made)) grants.claim(made, identity.tokenId);
      return result;
    };
  }

  function mayChange(identity: Identity, thing: string): boolean {
    return identity.tokenId === null || allows(identity, "admin") || grants.madeBy(thing) === identity.tokenId;
  }
}
