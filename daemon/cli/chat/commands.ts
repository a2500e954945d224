/** What can be typed in `tiller chat` instead of a message. Pure. */
import { assignments } from "../arguments/arguments.ts";
import { usage } from "../output/failure.ts";

export type ChatLine =
  | { readonly kind: "message"; readonly text: string }
  | { readonly kind: "set"; readonly set: Readonly<Record<string, number>> }
  | { readonly kind: "preset"; readonly preset: string }
  | { readonly kind: "system"; readonly text: string }
  | { readonly kind: "plain" | "reset" | "show" | "help" | "quit" | "empty" };

export const CHAT_HELP = `/set joy=1 es=0.5   move sliders, also while an answer is being written
/preset P           steer by a preset; /plain steers no more
/show               what steers at the moment
/system TEXT        system turn; empty for none
/reset              forget the conversation
/help, /quit        Ctrl-C stops the answer; /quit, Ctrl-D or Ctrl-C twice ends the chat`;

const PLAIN = ["plain", "reset", "show", "help", "quit"] as const;

/** @throws TillerError invalid-params */
export function parseChatLine(line: string): ChatLine {
  const text = line.trim();
  if (text === "") return { kind: "empty" };
  if (!text.startsWith("/")) return { kind: "message", text: line };
  const [, name = "", rest = ""] = /^\/(\S*)\s*(.*)$/s.exec(text) ?? [];
  const plain = PLAIN.find((kind) => kind === name);
  if (plain !== undefined) return { kind: plain };
  if (name === "exit") return { kind: "quit" };
  if (name === "system") return { kind: "system", text: rest };
  if (name === "preset") {
    if (rest === "") throw usage("/preset: which one? For example /preset joyful", "preset");
    return { kind: "preset", preset: rest };
  }
  if (name === "set") {
    const parts = rest.split(/\s+/).filter((part) => part !== "");
    if (parts.length === 0) throw usage("/set: which slider? For example /set joy=1", "set");
    return { kind: "set", set: assignments(parts) };
  }
  throw usage(`there is no /${name}; /help lists what there is`, "command");
}
