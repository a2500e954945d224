/** The MCP server on this process's standard streams. The daemon is found, or started, at the first call. */
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { TillerClient } from "../../client/client.ts";
import { schemaChecks } from "../../client-node/checks.ts";
import { findOrStart } from "../../client-node/find-or-start.ts";
import { lockTransport } from "../../client-node/lock-transport.ts";
import { mcpServer } from "../../mcp/server.ts";
import { packageVersion, type StorePaths } from "../../store/paths.ts";
import { DAEMON_MAIN } from "../entries.ts";

/** Resolves once the agent has gone. */
export async function serveMcp(paths: StorePaths): Promise<void> {
  const version = packageVersion();
  const connect = lockTransport(async () => (await findOrStart(paths, { node: process.execPath, entry: DAEMON_MAIN })).lock);
  let client: TillerClient | null = null;
  const server = mcpServer(() => {
    client ??= new TillerClient(connect, { name: "tiller mcp", version, check: schemaChecks });
    return client;
  }, version);
  const gone = new Promise<void>((resolve) => process.stdin.once("end", resolve).once("close", resolve));
  await server.connect(new StdioServerTransport());
  await gone;
  await server.close();
  (client as TillerClient | null)?.close();
}
