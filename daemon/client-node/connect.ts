/** The client for Node: the command line, tests, other apps. Results are checked by the protocol's schemas. */
import { type ClientOptions, TillerClient } from "../client/client.ts";
import { schemaChecks } from "./checks.ts";
import { nodeTransport } from "./transport.ts";

export interface NodeOptions extends Partial<ClientOptions> {
  /** the daemon's address as its first line or its lock file gives it */
  readonly url: string;
  readonly token: string;
}

export function connectNode(options: NodeOptions): TillerClient {
  const { url, token, ...rest } = options;
  return new TillerClient(nodeTransport(url, token), { name: "node", version: "0", check: schemaChecks, ...rest });
}
