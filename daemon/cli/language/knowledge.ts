/** What the language server knows here: what the user's daemon says, or said the last time that it was asked. */
import { daemonKnowledge, keptKnowledge } from "../../../language-server/daemon-knowledge.ts";
import type { Knowledge } from "../../../language-server/knowledge.ts";
import { TillerClient } from "../../client/client.ts";
import { ClientError } from "../../client/error.ts";
import { schemaChecks } from "../../client-node/checks.ts";
import { lockTransport } from "../../client-node/lock-transport.ts";
import { languageShelf } from "../../store/language-shelf.ts";
import { findDaemon, type Lock } from "../../store/lock.ts";
import { packageVersion, type StorePaths } from "../../store/paths.ts";

/** A daemon that was just started is seen within two seconds. */
const BACKOFF = { firstMs: 250, maxMs: 2000 };

/** @param offline talk to no daemon, also where one runs */
export function knowledgeOf(paths: StorePaths, offline: boolean): Knowledge {
  const shelf = languageShelf(paths);
  if (offline) return keptKnowledge(shelf);
  const find = async (): Promise<Lock> => {
    const lock = await findDaemon(paths.lock);
    if (lock === null) throw new ClientError("unreachable", "no daemon runs");
    return lock;
  };
  const options = { name: "tiller language server", version: packageVersion(), check: schemaChecks, backoff: BACKOFF };
  return daemonKnowledge(new TillerClient(lockTransport(find), options), shelf);
}
