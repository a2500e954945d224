/** Reads answers as Markdown. A bundle of its own (dist/webview/markdown.js), which the page loads when the first answer is rendered. */
import type { Rendered } from "../node.ts";
import { Growing } from "./grow.ts";
import { thinkingOf } from "./thinking.ts";

export interface Reading {
  /** @param running whether more may come */
  read(text: string, running: boolean): Rendered;
}

export function open(): Reading {
  const thought = new Growing();
  const answer = new Growing();
  return {
    read(text, running) {
      const { thinking, from } = thinkingOf(text, running);
      return {
        thinking:
          thinking === null
            ? null
            : {
                blocks: thought.read(text.slice(thinking.from, thinking.to), thinking.from, running && thinking.open),
                open: thinking.open && running,
              },
        blocks: answer.read(text.slice(from), from, running),
      };
    },
  };
}
