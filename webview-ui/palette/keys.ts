/** The page's keys, in one list: what "?" shows, and what is listened for. */
import type { State } from "../store/state.ts";
import type { App } from "../store/store.ts";

export interface KeyHelp {
  readonly keys: readonly string[];
  readonly does: string;
}

/** Within the page's parts: these say themselves what they listen for. */
export const HELP: readonly { readonly where: string; readonly list: readonly KeyHelp[] }[] = [
  {
    where: "Anywhere",
    list: [
      { keys: ["Ctrl K", "⌘ K"], does: "every action, by its name" },
      { keys: ["?"], does: "these keys" },
      { keys: ["/"], does: "to the message box" },
      { keys: ["t"], does: "answers as Markdown, or token by token" },
    ],
  },
  {
    where: "Message box",
    list: [
      { keys: ["Enter"], does: "sends" },
      { keys: ["Shift Enter"], does: "begins a line" },
      { keys: ["Escape"], does: "stops the answer" },
    ],
  },
  {
    where: "Answer",
    list: [
      { keys: ["→", "←"], does: "the next token, the one before" },
      { keys: ["↓", "↑"], does: "ten tokens on, ten back" },
      { keys: ["Home", "End"], does: "the first token, the last" },
      { keys: ["Escape"], does: "closes what is said of a token" },
    ],
  },
  { where: "Slider", list: [{ keys: ["←", "→", "Home", "End"], does: "moves it, while an answer is written too" }] },
];

/** In a field letters are text; with a dialog open it has the keys. */
const TYPED = "input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]";

/** What a key does at this moment; null: nothing of the page's own. */
export function overlayOf(event: KeyboardEvent, { link }: State): "palette" | "keys" | "tokens" | "write" | null {
  if (event.defaultPrevented || event.isComposing || event.altKey || link.phase === "signed-out") return null;
  const target = event.target as Element | null;
  if (document.querySelector("dialog[open]") !== null) return null;
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "k") return "palette";
  if (event.ctrlKey || event.metaKey || target?.closest?.(TYPED) != null) return null;
  return ({ "?": "keys", t: "tokens", "/": "write" } as const)[event.key] ?? null;
}

/** @param write goes to the message box. @returns takes the listener off */
export function followKeys({ store, host }: App, write: () => void): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    const wanted = overlayOf(event, store.get());
    // In an editor Ctrl K begins keys of the editor's own.
    if (wanted === null || (wanted === "palette" && host.frame !== null)) return;
    event.preventDefault();
    if (wanted === "write") write();
    else if (wanted === "tokens") store.dispatch({ type: "answers-as", view: store.get().answersAs === "tokens" ? "rendered" : "tokens" });
    else store.dispatch({ type: "overlay", overlay: wanted });
  };
  document.addEventListener("keydown", onKeyDown);
  return () => document.removeEventListener("keydown", onKeyDown);
}
