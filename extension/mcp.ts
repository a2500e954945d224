/** Offers `tiller mcp` to the editor's own agents, where the editor has a place for such servers. Nothing is started before one asks. */
import { Disposable, EventEmitter, lm, McpStdioServerDefinition, workspace } from "vscode";
import type { NodeChoice } from "./daemon/node.ts";

/** As package.json names it. */
const PROVIDER = "tiller.mcp";

export interface McpOptions {
  /** the command line's entry, a file */
  readonly entry: string;
  readonly version: string;
  readonly node: () => Promise<NodeChoice>;
}

export function offerMcp({ entry, version, node }: McpOptions): Disposable {
  // an editor that is older, or made without it
  if (typeof lm?.registerMcpServerDefinitionProvider !== "function") return new Disposable(() => undefined);
  const changed = new EventEmitter<void>();
  return Disposable.from(
    changed,
    workspace.onDidGrantWorkspaceTrust(() => changed.fire()),
    lm.registerMcpServerDefinitionProvider(PROVIDER, {
      onDidChangeMcpServerDefinitions: changed.event,
      async provideMcpServerDefinitions() {
        if (!workspace.isTrusted) return [];
        const { node: command, env } = await node();
        const own = env?.["ELECTRON_RUN_AS_NODE"] === undefined ? {} : { ELECTRON_RUN_AS_NODE: "1" };
        return [new McpStdioServerDefinition("Tiller", command, [entry, "mcp"], own, version)];
      },
    }),
  );
}
