/** A conversation as the page keeps it, put where the page finds it when it is loaded. */
import type { Page } from "playwright-core";
import type { AnswerState, Conversation, Turn } from "../../webview-ui/store/state.ts";

/** @param texts question, answer, question, … */
export function storedChat(texts: readonly string[]): { conversation: Conversation; answers: Record<string, AnswerState> } {
  const at = "2026-01-01T00:00:00.000Z";
  const answers: Record<string, AnswerState> = {};
  const turns = texts.map((text, i): Turn => {
    if (i % 2 === 0) return { id: `turn-${i}`, role: "user", text };
    const stream = `a-${i}`;
    answers[stream] = ended(stream, text);
    return { id: `turn-${i}`, role: "assistant", answers: [stream], shown: 0 };
  });
  return { conversation: { id: "chat-stored", title: "Stored", named: true, system: "", turns, created: at, updated: at }, answers };
}

function ended(stream: string, text: string): AnswerState {
  // A token a word, with the space before it.
  const tokens = [...text.matchAll(/\s*\S+|\s+$/g)].map(([word], index) => ({ index, id: index, text: word, logprob: -0.1 }));
  const plain = { steered: false, summary: "NOT steered: no sliders", controls: [] };
  return {
    stream,
    model: null,
    phase: "ended",
    text,
    tokens,
    reason: "end",
    began: plain,
    steered: plain,
    changes: [],
    seed: 1,
    stats: null,
    overflow: null,
    probe: null,
    controls: [],
    problem: null,
  };
}

/** Stores it and loads the page anew. */
export async function openStored(page: Page, texts: readonly string[]): Promise<void> {
  await page.evaluate((saved) => localStorage.setItem(`tiller.chat.1.${saved.conversation.id}`, JSON.stringify(saved)), storedChat(texts));
  await page.reload();
  await page.waitForFunction(() => window.tiller?.state.link.phase === "open" && window.tiller.state.library.ready);
}
