/** The MCP server: calls of the daemon as tools for agents, over whatever transport it is given. */
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { RequestHandlerExtra } from "@modelcontextprotocol/sdk/shared/protocol.js";
import type { CallToolResult, ServerNotification, ServerRequest } from "@modelcontextprotocol/sdk/types.js";
import type { TillerClient } from "../client/client.ts";
import { ClientError } from "../client/error.ts";
import type { Tool } from "./tool.ts";
import { TOOLS } from "./tools/index.ts";

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

const INSTRUCTIONS =
  "Tiller runs local language models and steers them from the inside: sliders (controls) in presets move directions and neurons while the model writes. Receipts say how far a control was measured to work, against random directions and against asking in words. Trust a control only as far as its receipt's evidence goes.";

/** @param client of the user's daemon, asked for at the first call: a server that is merely listed starts nothing */
export function mcpServer(client: () => TillerClient, version: string): McpServer {
  const server = new McpServer({ name: "tiller", title: "Tiller", version }, { instructions: INSTRUCTIONS });
  for (const one of TOOLS) {
    const { name, title, description, input, readOnly } = one;
    const annotations = { readOnlyHint: readOnly, openWorldHint: false, destructiveHint: false };
    server.registerTool(name, { title, description, inputSchema: input, annotations }, (args: Record<string, unknown>, extra: Extra) =>
      answer(one, args, client(), extra),
    );
  }
  return server;
}

async function answer(one: Tool, args: Record<string, unknown>, client: TillerClient, extra: Extra): Promise<CallToolResult> {
  const token = extra._meta?.progressToken;
  const progress = (fraction: number, message: string): void => {
    if (token === undefined) return;
    void extra.sendNotification({
      method: "notifications/progress",
      params: { progressToken: token, progress: fraction, total: 1, message },
    });
  };
  try {
    const result = await one.run(args, { client, signal: extra.signal, progress });
    return { content: [{ type: "text", text: JSON.stringify(result, null, 1) }] };
  } catch (error) {
    return { content: [{ type: "text", text: failure(error) }], isError: true };
  }
}

function failure(error: unknown): string {
  if (!(error instanceof ClientError)) return error instanceof Error ? error.message : String(error);
  return [`${error.code}: ${error.message}`, error.detail.suggestion].filter((part) => part !== undefined).join("\n");
}
