/** Checks what the daemon sends against the protocol's own schemas. */
import type { Checks } from "../client/client.ts";
import { ClientError } from "../client/error.ts";
import { METHODS, NOTIFICATIONS } from "../protocol/api/index.ts";

export const schemaChecks: Checks = {
  result(method, result) {
    const problem = METHODS[method].result.safeParse(result).error?.issues[0];
    if (problem !== undefined) throw new ClientError("internal", `${method} answered ${problem.path.join(".")}: ${problem.message}`);
  },
  notification(name, params) {
    // A daemon that is newer than this client may say more than it knows.
    if (!Object.hasOwn(NOTIFICATIONS, name)) return;
    const problem = NOTIFICATIONS[name].params.safeParse(params).error?.issues[0];
    if (problem !== undefined) throw new ClientError("internal", `${problem.path.join(".")}: ${problem.message}`);
  },
};
