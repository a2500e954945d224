/** The language server on a preset of 500 lines: from a change of the text to its diagnostics, and from a question to its completions. */
import { startLanguageServer } from "../../support/language.ts";
import type { Row } from "../types.ts";

/** Eight lines each. */
const CONTROLS = 60;

export const languageServer: Row = {
  id: "language.answers",
  title: "the language server on 500 lines, 95th percentile, ms",
  bar: 50,
  better: "lower",
  models: ["embedded"],
  async run({ pairs, effort }) {
    const count = Math.max(20, Math.round(40 * effort * pairs));
    const editor = startLanguageServer();
    try {
      await editor.begin();
      const opened = await editor.open(presetOf(CONTROLS));
      await editor.diagnostics(opened.uri);
      const answers = await times(count, () => editor.complete(opened));
      let strength = 0;
      const checks = await times(count, async () => {
        const { line } = opened.cursor;
        strength = (strength + 1) % 5;
        // a digit behind "strength: 0." of the control before
        const range = { start: { line: line - 6, character: 16 }, end: { line: line - 6, character: 17 } };
        await editor.change(opened.uri, [{ range, newText: String(strength) }]);
        await editor.diagnostics(opened.uri);
      });
      return [figure("completion", answers), figure("diagnostics", checks)];
    } finally {
      editor.dispose();
    }
  },
};

function presetOf(controls: number): string {
  const parts = Array.from(
    { length: controls },
    (_, i) =>
      `  c${i}:\n    use: direction/joy\n    strength: 0.1\n    range: [0, 0.5]\n    title: T${i}\n    description: D\n    with:\n      mode: add\n`,
  );
  return `tiller: 2\nname: Long\ncontrols:\n${parts.join("")}  last: { use: direction/joy, str‸ }\n`;
}

async function times(count: number, work: () => Promise<unknown>): Promise<number[]> {
  const spent: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await work();
    spent.push(performance.now() - start);
  }
  return spent.sort((a, b) => a - b);
}

function figure(part: string, sorted: readonly number[]) {
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  const detail = `median ${at(0.5).toFixed(1)} ms, largest ${at(1).toFixed(1)} ms`;
  return { part, value: at(0.95), n: sorted.length, spread: at(0.75) - at(0.25), detail };
}
