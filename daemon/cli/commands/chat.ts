/** `tiller chat`: a conversation on the terminal, or of lines that are piped in. */
import { createInterface, type Interface } from "node:readline";
import type { Command } from "commander";
import type { TillerClient } from "../../client/client.ts";
import { ClientError } from "../../client/error.ts";
import { action, command } from "../action.ts";
import { assignments } from "../arguments/arguments.ts";
import {
  checkTarget,
  type SamplingOptions,
  sampling,
  samplingOptions,
  type TargetOptions,
  target,
  targetOptions,
} from "../arguments/request-options.ts";
import { CHAT_HELP, type ChatLine, parseChatLine } from "../chat/commands.ts";
import { ChatSession } from "../chat/session.ts";
import type { Session } from "../connection/session.ts";
import { describeAnswer } from "../output/answer-note.ts";
import { baseModelNote } from "../output/base-model.ts";
import { EXIT } from "../output/exit.ts";
import { describeFailure, type Failure, failureOf } from "../output/failure.ts";
import type { Output } from "../output/output.ts";

interface Options extends TargetOptions, SamplingOptions {
  readonly system?: string;
}

const PROMPT = "> ";

export function addChat(program: Command): void {
  samplingOptions(targetOptions(command(program, "chat", "talk on the terminal; /set joy=1 moves a slider, /help lists the rest")))
    .option("--system <text>", "system turn")
    .action(action<Options>(chat));
}

async function chat(session: Session, _args: readonly string[], options: Options): Promise<number> {
  checkTarget(options);
  const client = await session.daemon();
  const { model } = await target(options, session, client);
  const talk = new ChatSession(client, {
    model,
    preset: options.preset,
    set: assignments(options.set ?? []),
    system: options.system,
    sampling: sampling(options).sampling,
  });
  // Also where nobody reads it: a preset that cannot be used is told before the first message.
  const steers = await talk.describe();
  const base = await baseModelNote(client, model);
  if (base !== null) session.output.note(base);
  const interactive = process.stdin.isTTY === true && !session.output.json;
  if (interactive) session.output.note(`${steers}\n${CHAT_HELP}`);
  return new Loop(session.output, talk, client, interactive).run();
}

class Loop {
  readonly #output: Output;
  readonly #talk: ChatSession;
  readonly #client: TillerClient;
  readonly #lines: Interface;
  readonly #interactive: boolean;
  #code: number = EXIT.ok;
  /** Ctrl-C was pressed at the prompt, and nothing was entered since */
  #leaving = false;
  #ended = false;
  /** what is still to be told */
  #pending: Promise<unknown>[] = [];

  constructor(output: Output, talk: ChatSession, client: TillerClient, interactive: boolean) {
    this.#output = output;
    this.#talk = talk;
    this.#client = client;
    this.#interactive = interactive;
    this.#lines = createInterface({
      input: process.stdin,
      terminal: interactive,
      prompt: PROMPT,
      ...(interactive ? { output: process.stderr } : {}),
    });
  }

  /** Piped lines are worked off one after the other; at a terminal a slider may be moved while an answer is being written. */
  async run(): Promise<number> {
    const interrupt = (): void => this.#interrupt();
    this.#lines.on("SIGINT", interrupt);
    process.on("SIGINT", interrupt);
    const left = this.#client.onState(({ state, error }) => state === "closed" && this.#lost(error));
    if (this.#interactive) await this.#interact();
    else for await (const line of this.#lines) if (!this.#ended) await this.#handle(line);
    left();
    await Promise.all(this.#pending);
    process.removeListener("SIGINT", interrupt);
    return this.#code;
  }

  #interact(): Promise<void> {
    this.#lines.prompt();
    this.#lines.on("line", (line) => {
      const handled = this.#handle(line).finally(() => {
        if (!this.#talk.busy && !this.#ended) this.#lines.prompt();
        this.#pending = this.#pending.filter((one) => one !== handled);
      });
      this.#pending.push(handled);
    });
    return new Promise((resolve) => this.#lines.once("close", resolve));
  }

  #interrupt(): void {
    if (this.#talk.busy) this.#talk.stop().catch(() => undefined);
    else if (this.#interactive && !this.#leaving) {
      this.#leaving = true;
      this.#output.note("\nCtrl-C again, or /quit, ends the chat.");
      this.#lines.prompt();
    } else {
      this.#code = EXIT.interrupted;
      this.#end();
    }
  }

  /** The conversation lives in this process, the daemon in another: without it there is nobody to talk to. */
  #lost(error: ClientError | null): void {
    if (this.#ended) return;
    // An answer that was being written ends with an error of its own, which is told there.
    const why = error?.message ?? "no reason was given";
    if (!this.#talk.busy) this.#pending.push(this.#tell(new ClientError("disconnected", `the connection to the daemon was lost: ${why}`)));
    this.#code = EXIT.unreachable;
    this.#end();
  }

  #end(): void {
    this.#ended = true;
    this.#lines.close();
  }

  async #handle(line: string): Promise<void> {
    this.#leaving = false;
    try {
      await this.#work(parseChatLine(line));
    } catch (error) {
      const failure = await this.#tell(error);
      // At a terminal a mistake is seen and corrected; in a pipe the exit code tells of it.
      if (!this.#interactive) this.#code = failure.exit;
      if (failure.exit === EXIT.unreachable) this.#end();
    }
  }

  async #tell(error: unknown): Promise<Failure> {
    const failure = failureOf(error);
    const { exit: _, ...rest } = failure;
    this.#output.note(describeFailure(failure));
    if (this.#output.json) await this.#output.line(JSON.stringify({ error: rest }));
    return failure;
  }

  async #work(line: ChatLine): Promise<void> {
    const talk = this.#talk;
    if (talk.busy && line.kind !== "set" && line.kind !== "quit" && line.kind !== "empty")
      this.#output.note("An answer is being written; Ctrl-C stops it.");
    else if (line.kind === "message") await this.#ask(line.text);
    else if (line.kind === "set") this.#output.note(`[${await talk.set(line.set)}]`);
    else if (line.kind === "preset") this.#output.note(`[${await talk.usePreset(line.preset)}]`);
    else if (line.kind === "show") this.#output.note(`[${await talk.describe()}]`);
    else if (line.kind === "help") this.#output.note(CHAT_HELP);
    else if (line.kind === "plain") this.#output.note(`[${talk.plain()}]`);
    else if (line.kind === "reset") this.#output.note(`[${talk.reset()}]`);
    else if (line.kind === "system") this.#output.note(`[${talk.system(line.text)}]`);
    else if (line.kind === "quit") {
      await talk.stop();
      this.#end();
    }
  }

  async #ask(text: string): Promise<void> {
    let written = false;
    const answer = await this.#talk
      .ask(text, {
        onToken: (token) => {
          if (this.#output.json) return;
          written = true;
          void this.#output.write(token.text);
        },
      })
      .catch(async (error: unknown) => {
        // The error begins on a line of its own.
        if (written) await this.#output.write("\n");
        throw error;
      });
    if (this.#output.json) await this.#output.line(JSON.stringify(answer));
    else {
      await this.#output.write("\n");
      this.#output.note(describeAnswer(answer));
    }
  }
}
