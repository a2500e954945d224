/** `daemon.*` */
import { TOKEN_SCOPES } from "../../protocol/api/table.ts";
import { TillerError } from "../../protocol/errors.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import { publicLimits } from "../../store/config.ts";
import type { DaemonContext } from "../context.ts";
import { allows } from "../transport/auth.ts";
import type { Handlers } from "../transport/dispatch.ts";

export function daemonHandlers(
  context: DaemonContext,
): Pick<
  Handlers,
  "daemon.hello" | "daemon.status" | "daemon.stop" | "daemon.pageCode" | "daemon.token.create" | "daemon.token.revoke" | "daemon.token.list"
> {
  return {
    "daemon.hello": async ({ protocol, client }, call) => {
      if (protocol !== PROTOCOL_VERSION) {
        throw new TillerError("protocol-mismatch", `protocol: this daemon speaks version ${PROTOCOL_VERSION}, the client ${protocol}`, {
          field: "protocol",
          suggestion:
            protocol > PROTOCOL_VERSION ? "Update the daemon: end it with `tiller stop` and start the new one." : "Update the client.",
        });
      }
      if (call.client.name !== null)
        throw new TillerError("invalid-request", "method: daemon.hello was already called", { field: "method" });
      call.client.name = `${client.name} ${client.version}`;
      return {
        protocol: PROTOCOL_VERSION,
        version: context.version,
        scopes: TOKEN_SCOPES.filter((scope) => allows(call.client.identity, scope)),
        limits: publicLimits(context.config),
        defaultModel: (await context.models.defaultModel())?.id ?? null,
      };
    },
    "daemon.status": () => {
      const slots = context.supervisor.slots();
      const counts = slots.map((slot) => context.sessions.count(slot.model.id));
      return {
        version: context.version,
        pid: process.pid,
        uptimeSeconds: (Date.now() - context.startedAt) / 1000,
        clients: context.clients(),
        running: counts.reduce((sum, { running }) => sum + running, 0),
        queued: counts.reduce((sum, { queued }) => sum + queued, 0),
        loaded: slots.filter((slot) => slot.loaded !== null).map((slot) => slot.model.id),
        threads: slots.flatMap(({ model, stats }) => (stats === null ? [] : [{ model: model.id, ...stats.threads }])),
      };
    },
    "daemon.stop": () => {
      setImmediate(() => context.stop("a client asked for it"));
      return { stopping: true };
    },
    "daemon.pageCode": () => context.pages.issue(),
    "daemon.token.create": ({ name, scopes }) => context.tokens.create(name, scopes),
    "daemon.token.revoke": ({ id }) => {
      const revoked = context.tokens.revoke(id);
      if (revoked) context.disconnectToken(id);
      return { revoked };
    },
    "daemon.token.list": () => ({ tokens: context.tokens.list() }),
  };
}
