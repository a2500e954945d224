/** `tiller render`: what the model will see of a conversation, as text and as tokens. */
import type { Command } from "commander";
import * as z from "zod";
import { type Message, MessageSchema } from "../../protocol/message.ts";
import { action, command } from "../action.ts";
import { resolveModel } from "../arguments/model-argument.ts";
import { type ReasoningOptions, reasoning, renderOptions } from "../arguments/reasoning-options.ts";
import { readInput, textOrStdin } from "../arguments/stdin.ts";
import type { Session } from "../connection/session.ts";
import { usage } from "../output/failure.ts";

interface Options extends ReasoningOptions {
  readonly model?: string;
  readonly prompt?: string;
  readonly messages?: string;
  readonly system?: string;
  readonly tokens?: boolean;
}

const MAX_FILE = 4_000_000;

export function addRender(program: Command): void {
  renderOptions(command(program, "render", "the prompt that the model's chat template makes of a conversation"))
    .option("--model <file|id|uri>", "a GGUF file, a model's id, or an hf: address; default: the embedded model")
    .option("--prompt <text>", "one turn of the user; - reads standard input")
    .option("--messages <file>", 'or a conversation: a JSON list of {"role", "content"}')
    .option("--system <text>", "with --prompt: a system turn before it")
    .option("--tokens", "one token a line, with its id")
    .action(action<Options>(render));
}

async function render(session: Session, _args: readonly string[], options: Options): Promise<void> {
  const messages = await messagesOf(options);
  const client = await session.daemon();
  const model = options.model === undefined ? {} : { model: await resolveModel(options.model, session, client) };
  const rendered = await client.call("model.render", { ...model, messages, ...reasoning(options) });
  const { pieces } = await client.call("model.tokenize", { ...model, text: rendered.text, addSpecial: true });
  const lines = rendered.tokens.map((id, index) => `${String(id).padStart(7)}  ${JSON.stringify(pieces[index]?.text ?? "")}`);
  await session.output.result(rendered, ({ text }) => (options.tokens === true ? lines.join("\n") : text));
  session.output.note(
    `${rendered.tokens.length} tokens, written by ${rendered.renderer === "jinja" ? "the second renderer" : "llama.cpp"}`,
  );
}

async function messagesOf({ prompt, messages, system }: Options): Promise<Message[]> {
  if ((prompt === undefined) === (messages === undefined)) throw usage("give exactly one of --prompt and --messages", "prompt");
  if (prompt !== undefined) {
    const before = system === undefined ? [] : [{ role: "system" as const, content: system }];
    return [...before, { role: "user", content: await textOrStdin(prompt) }];
  }
  if (system !== undefined) throw usage("--system: the conversation has its own turns", "system");
  const read = z
    .array(MessageSchema)
    .min(1)
    .safeParse(json(readInput(messages!, "messages", MAX_FILE).toString("utf8")));
  if (!read.success) throw usage(`${messages}: must be a JSON list of {"role", "content"}`, "messages");
  return read.data;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
