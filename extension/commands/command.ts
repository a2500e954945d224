/** One command: what the palette, a tree or the status bar calls. */
import type { Tiller } from "../context.ts";

export interface Command {
  readonly id: string;
  /** @param argument what a tree's item or a link gives along @throws ClientError, shown to the user with its suggestion */
  run(tiller: Tiller, argument: unknown): Promise<void>;
}
