/** A conversation as a file: Markdown to read, JSON with everything that is known of each answer. */
import type { AnswerState, Conversation, Turn } from "../store/state.ts";
import { shownAnswer } from "./messages.ts";

type Answers = Readonly<Record<string, AnswerState>>;

export function asMarkdown(conversation: Conversation, answers: Answers): string {
  const parts = [`# ${conversation.title}`];
  if (conversation.system !== "") parts.push(`> **System:** ${conversation.system.replaceAll("\n", "\n> ")}`);
  for (const turn of conversation.turns) {
    if (turn.role === "user") {
      parts.push("## You", turn.text);
      continue;
    }
    const answer = shownAnswer(turn, answers);
    if (answer === null) continue;
    parts.push(`## ${answer.model ?? "Answer"}`, answer.text);
    const facts = [answer.steered?.summary ?? "NOT steered", ...(answer.seed === null ? [] : [`seed ${answer.seed}`])];
    for (const { token, controls } of answer.changes)
      facts.push(
        `from token ${token}: ${Object.entries(controls)
          .map(([name, strength]) => `${name} ${strength}`)
          .join(", ")}`,
      );
    parts.push(`*${facts.join("; ")}*`);
  }
  return `${parts.join("\n\n")}\n`;
}

/** The whole tree: a question's other ends and what followed an answer's other versions stand with them. */
export function asJson(conversation: Conversation, answers: Answers): string {
  const { id: _, ...rest } = conversation;
  return `${JSON.stringify({ ...rest, turns: conversation.turns.map((turn) => plainTurn(turn, answers)) }, null, 2)}\n`;
}

function plainTurn(turn: Turn, answers: Answers): object {
  const all = (turns: readonly Turn[]): object[] => turns.map((one) => plainTurn(one, answers));
  if (turn.role === "user")
    return { role: turn.role, text: turn.text, ...(turn.tails === undefined ? {} : { shown: turn.shown, tails: turn.tails.map(all) }) };
  const { role, shown, answers: streams, after } = turn;
  const followed = after === undefined ? {} : { after: streams.map((stream) => all(after[stream] ?? [])) };
  return { role, shown, answers: streams.map((stream) => answers[stream]), ...followed };
}

export function fileName(title: string, extension: string): string {
  const stem = title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 60);
  return `${stem === "" ? "conversation" : stem}.${extension}`;
}
