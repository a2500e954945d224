/** `tiller mcp`: the daemon's calls as tools for any agent that speaks the Model Context Protocol over standard input and output. */
import type { Command } from "commander";
import { action, command } from "../action.ts";

export function addMcp(program: Command): void {
  command(program, "mcp", "tools for agents (Model Context Protocol), over standard input and output").action(
    action(async ({ paths }) => {
      const { serveMcp } = await import("../mcp/serve.ts");
      await serveMcp(paths);
    }),
  );
}
