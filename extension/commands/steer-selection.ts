/** Rewrites the selected text with the sliders of the chat, or a preset, and shows the difference before anything is replaced. */
import { commands, ProgressLocation, Range, type TextEditor, WorkspaceEdit, window, workspace } from "vscode";
import type { ParamsIn } from "../../daemon/protocol/api/index.ts";
import { RackSchema } from "../../daemon/protocol/preset.ts";
import type { Tiller } from "../context.ts";
import type { Command } from "./command.ts";
import { pickPreset } from "./pick-preset.ts";

const ASKED = "Rewrite this text. Keep what it says and how it is laid out, and answer with the rewritten text alone.";
const MOST = 20_000;

export const steerSelection: Command = {
  id: "tiller.steerSelection",
  async run(tiller) {
    const editor = window.activeTextEditor;
    if (editor === undefined || editor.selection.isEmpty) {
      void window.showInformationMessage("Select the text that is to be rewritten first.");
      return;
    }
    const text = editor.document.getText(editor.selection);
    if (text.length > MOST) throw new Error(`the selection has ${text.length} characters; at most ${MOST} are rewritten at once`);
    const steering = await steeringOf(tiller);
    if (steering === null) return;
    const answer = await rewrite(tiller, text, steering);
    if (answer !== null) await offer(tiller, editor, answer.text.trim(), answer.steered.summary);
  },
};

type Steering = NonNullable<ParamsIn<"generate.chat">["steering"]>;

/** The chat's sliders; where there are none, a preset. null: the user chose none */
async function steeringOf(tiller: Tiller): Promise<Steering | null> {
  const rack = await tiller.chat.rack("selection");
  if (rack !== null) {
    const { controls, when, hold, scope } = rack;
    return { rack: RackSchema.parse(JSON.parse(JSON.stringify({ controls, when, hold, scope }))) };
  }
  const entry = await pickPreset(tiller, undefined, ({ preset }) => preset !== null);
  return entry === null ? null : { preset: entry.id };
}

async function rewrite({ keeper }: Tiller, text: string, steering: Steering) {
  const client = await keeper.revive();
  const options = { location: ProgressLocation.Notification, title: "Tiller: rewriting the selection", cancellable: true };
  return window.withProgress(options, async (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    let words = 0;
    const answer = await client.chat(
      { messages: [{ role: "user", content: `${ASKED}\n\n${text}` }], steering, sampling: { maxTokens: Math.max(256, text.length) } },
      { signal: abort.signal, onToken: () => progress.report({ message: `${++words} tokens` }) },
    ).result;
    return answer.reason === "cancelled" ? null : answer;
  });
}

/** The whole document as it would be, beside what it is. */
async function offer({ documents }: Tiller, { document, selection }: TextEditor, text: string, steered: string): Promise<void> {
  const before = document.getText();
  const version = document.version;
  const [from, to] = [document.offsetAt(selection.start), document.offsetAt(selection.end)];
  const name = document.uri.path.split("/").at(-1)!;
  const proposed = documents.put(name, `rewrite-${Date.now()}`, before.slice(0, from) + text + before.slice(to));
  await commands.executeCommand("vscode.diff", document.uri, proposed, `${name}: rewritten (${steered})`);
  const replace = "Replace the selection";
  if ((await window.showInformationMessage(`Rewritten. ${steered}`, replace, "Keep it as it is")) !== replace) return;
  if (document.version !== version) throw new Error("the text has changed meanwhile; nothing was replaced");
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, new Range(selection.start, selection.end), text);
  await workspace.applyEdit(edit);
}
