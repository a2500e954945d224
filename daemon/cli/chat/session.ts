/** A conversation on the terminal: its turns, what steers it, the answer that is being written. Knows no terminal. */
import type { AnswerHandlers, AnswerStream } from "../../client/answer.ts";
import type { TillerClient } from "../../client/client.ts";
import { ClientError } from "../../client/error.ts";
import type { Answer } from "../../protocol/api/generate.ts";
import type { Message } from "../../protocol/message.ts";
import type { SteeringReport } from "../../protocol/plan.ts";
import type { Sampling } from "../../protocol/preset.ts";
import { checkDirections, type SteeringIn, steeringOf } from "../arguments/steering-arguments.ts";
import { notesBeyond } from "../output/beyond-evidence.ts";

/** The running answer cannot take the change; whether the next one can is asked then. */
const NOT_THERE: ReadonlySet<string> = new Set(["unknown-control", "not-found", "not-steerable", "not-supported"]);

const NOT_STEERED = "NOT steered: no preset and no slider is set";

export interface ChatStart {
  readonly model: string | undefined;
  readonly preset: string | undefined;
  readonly set: Readonly<Record<string, number>>;
  readonly system: string | undefined;
  readonly sampling: Sampling | undefined;
}

export class ChatSession {
  readonly #client: TillerClient;
  readonly #model: string | undefined;
  readonly #sampling: Sampling | undefined;
  #turns: Message[] = [];
  #system: string | undefined;
  #preset: string | undefined;
  #set: Readonly<Record<string, number>>;
  #running: AnswerStream | null = null;

  constructor(client: TillerClient, start: ChatStart) {
    this.#client = client;
    this.#model = start.model;
    this.#sampling = start.sampling;
    this.#system = start.system;
    this.#preset = start.preset;
    this.#set = start.set;
  }

  get busy(): boolean {
    return this.#running !== null;
  }

  /** What would steer the next answer, or why nothing does. */
  async describe(): Promise<string> {
    const steering = steeringOf(this.#preset, this.#set);
    return steering === undefined ? NOT_STEERED : (await this.#check(steering)).summary;
  }

  /**
   * Moves sliders of the running answer and of those to come. One that the running answer was started without acts from the
   * next answer on, and the text says so, as it does of a strength that no receipt speaks for.
   * @throws before anything changed
   */
  async set(change: Readonly<Record<string, number>>): Promise<string> {
    const next = { ...this.#set, ...change };
    const moved = this.#running === null ? null : await this.#move(this.#running, change);
    const report = moved ?? (await this.#check(steeringOf(this.#preset, next)!));
    this.#set = next;
    const changed = report.controls.filter(({ name, use }) => Object.hasOwn(change, name) || Object.hasOwn(change, use));
    const summary = [report.summary, ...(await notesBeyond(this.#client, changed))].join("; ");
    return moved === null && this.#running !== null ? `from the next answer on, for this one has no such slider: ${summary}` : summary;
  }

  async usePreset(preset: string): Promise<string> {
    const { summary } = await this.#check(steeringOf(preset, {})!);
    this.#preset = preset;
    this.#set = {};
    return summary;
  }

  plain(): string {
    this.#preset = undefined;
    this.#set = {};
    return NOT_STEERED;
  }

  reset(): string {
    const { length } = this.#turns;
    this.#turns = [];
    return length === 0 ? "there was nothing to forget" : `forgotten: ${length} turns`;
  }

  system(text: string): string {
    this.#system = text === "" ? undefined : text;
    return this.#system === undefined ? "no system turn" : "system turn set";
  }

  /** The turn and what was answered are kept, also when the answer was stopped; nothing is when it failed. */
  async ask(text: string, handlers: AnswerHandlers): Promise<Answer> {
    const turns: Message[] = [...this.#turns, { role: "user", content: text }];
    const steering = steeringOf(this.#preset, this.#set);
    const system: Message[] = this.#system === undefined ? [] : [{ role: "system", content: this.#system }];
    this.#running = this.#client.chat(
      {
        messages: [...system, ...turns],
        ...(this.#model === undefined ? {} : { model: this.#model }),
        ...(this.#sampling === undefined ? {} : { sampling: this.#sampling }),
        ...(steering === undefined ? {} : { steering }),
      },
      handlers,
    );
    try {
      const answer = await this.#running.result;
      this.#turns = [...turns, { role: "assistant", content: answer.text }];
      return answer;
    } finally {
      this.#running = null;
    }
  }

  async stop(): Promise<void> {
    await this.#running?.cancel();
  }

  /** null: the answer has no slider of that name, or it has just ended. */
  async #move(running: AnswerStream, change: Readonly<Record<string, number>>): Promise<SteeringReport | null> {
    try {
      return (await running.set({ ...change })).steered;
    } catch (error) {
      if (error instanceof ClientError && NOT_THERE.has(error.code)) return null;
      throw error;
    }
  }

  async #check(steering: SteeringIn): Promise<SteeringReport> {
    await checkDirections(steering, this.#client);
    const model = this.#model === undefined ? {} : { model: this.#model };
    return (await this.#client.call("steer.check", { ...model, steering })).steered;
  }
}
