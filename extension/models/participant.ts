/** `@tiller` in the editor's own chat: answers steered by a preset (`/joyful`, or `/preset name …`), and says what steered them. */
import {
  type CancellationToken,
  type ChatContext,
  type ChatRequest,
  ChatRequestTurn,
  ChatResponseMarkdownPart,
  type ChatResponseStream,
  ChatResponseTurn,
  chat,
  Disposable,
} from "vscode";
import type { ParamsIn } from "../../daemon/protocol/api/index.ts";
import type { Keeper } from "../daemon/keeper.ts";

/** As package.json names it. */
const PARTICIPANT = "tiller.chat";

export function offerParticipant(keeper: Keeper): Disposable {
  // an editor without a chat of its own
  if (typeof chat?.createChatParticipant !== "function") return new Disposable(() => undefined);
  return chat.createChatParticipant(PARTICIPANT, (request, context, stream, token) => answer(keeper, request, context, stream, token));
}

async function answer(keeper: Keeper, request: ChatRequest, context: ChatContext, stream: ChatResponseStream, token: CancellationToken) {
  const client = await keeper.revive();
  const { preset, prompt } = asked(request);
  if (preset !== null) {
    const { presets } = await client.call("preset.list", {});
    if (!presets.some(({ id }) => id === preset)) {
      stream.markdown(`There is no preset \`${preset.replaceAll("`", "")}\`. There is ${presets.map(({ id }) => `\`${id}\``).join(", ")}.`);
      return {};
    }
  }
  const abort = new AbortController();
  token.onCancellationRequested(() => abort.abort());
  const messages = [...historyOf(context), { role: "user" as const, content: prompt }];
  const { steered } = await client.chat(
    { messages, ...(preset === null ? {} : { steering: { preset } }) },
    { signal: abort.signal, onToken: ({ text }) => text !== "" && stream.markdown(text) },
  ).result;
  stream.markdown(`\n\n_${steered.summary.replaceAll(/[\\`*_[\]<>]/g, "\\$&")}_`);
  return {};
}

/** `/preset joyful How are you?`, or a preset's own command */
function asked({ command, prompt }: { readonly command?: string | undefined; readonly prompt: string }): {
  readonly preset: string | null;
  readonly prompt: string;
} {
  if (command !== "preset") return { preset: command ?? null, prompt };
  const [, preset = "", rest = ""] = /^\s*(\S*)\s*([\s\S]*)$/.exec(prompt)!;
  return { preset: preset === "" ? null : preset, prompt: rest === "" ? "Hello" : rest };
}

function historyOf({ history }: ChatContext): ParamsIn<"generate.chat">["messages"] {
  return history.flatMap((turn): ParamsIn<"generate.chat">["messages"] => {
    if (turn instanceof ChatRequestTurn) return [{ role: "user" as const, content: asked(turn).prompt }];
    if (!(turn instanceof ChatResponseTurn)) return [];
    const text = turn.response.flatMap((part) => (part instanceof ChatResponseMarkdownPart ? [part.value.value] : [])).join("");
    // without the line that says what steered it
    const content = text.replace(/\n\n_(?:NOT )?steered:.*_$/s, "");
    return content === "" ? [] : [{ role: "assistant" as const, content }];
  });
}
