/** Everything that can be done from the palette, as it stands: what cannot be done now is not in it. */
import { goOn, regenerate, startConversation, stopCurrent } from "../chat/converse.ts";
import { runningOf } from "../chat/messages.ts";
import { choosePreset } from "../presets/choose.ts";
import type { Pusher } from "../rack/push.ts";
import type { State, ThemeChoice, View } from "../store/state.ts";
import type { App } from "../store/store.ts";
import { focusNext } from "../ui/focus.ts";

export interface PaletteAction {
  readonly id: string;
  readonly title: string;
  /** as `keys.ts` names it */
  readonly key?: string;
  run(): void;
}

const VIEWS: readonly (readonly [View, string])[] = [
  ["chat", "Chat"],
  ["compare", "Compare steered with plain"],
  ["models", "Models"],
  ["reports", "Reports"],
];
const THEMES: readonly (readonly [ThemeChoice, string])[] = [
  ["auto", "as the system has it"],
  ["light", "light"],
  ["dark", "dark"],
  ["contrast", "high contrast"],
];

export function actionsOf(app: App, pusher: Pusher): PaletteAction[] {
  const { store, host } = app;
  const state = store.get();
  const { dispatch } = store;
  const view = (to: View, ...focus: string[]) => {
    dispatch({ type: "view", view: to });
    focusNext(...focus);
  };
  return [
    {
      id: "new",
      title: "New conversation",
      run() {
        startConversation(app);
        view("chat", "#question");
      },
    },
    { id: "write", title: "Write a message", key: "/", run: () => view("chat", "#question") },
    ...answerActions(app, pusher, state),
    {
      id: "tokens",
      title: state.answersAs === "tokens" ? "Show answers as Markdown" : "Show answers token by token",
      key: "t",
      run: () => dispatch({ type: "answers-as", view: state.answersAs === "tokens" ? "rendered" : "tokens" }),
    },
    ...VIEWS.filter(([id]) => id !== state.view).map(([id, title]) => ({
      id: `view ${id}`,
      title: `Go to ${title}`,
      run: () => view(id, "#main h2", "#question", "#main"),
    })),
    {
      id: "sampling",
      title: state.samplingOpen ? "Close sampling" : "Open sampling",
      run: () => dispatch({ type: "panel", panel: "sampling", open: !state.samplingOpen }),
    },
    ...state.library.presets
      .filter(({ id, preset }) => preset !== null && id !== state.rack.preset)
      .map(({ id, preset, problem }) => ({
        id: `preset ${id}`,
        title: `Load preset ${preset!.name}${problem === null ? "" : " (another model’s)"}`,
        run: () => choosePreset(store, id),
      })),
    ...state.library.models
      .filter(({ id, state: is }) => id !== state.model && is !== "missing")
      .map(({ id, name }) => ({ id: `model ${id}`, title: `Use model ${name}`, run: () => dispatch({ type: "model", model: id }) })),
    ...state.conversations
      .filter(({ id }) => id !== state.current)
      .map(({ id, title }) => ({
        id: `chat ${id}`,
        title: `Open conversation ${title}`,
        run() {
          dispatch({ type: "chat/open", id });
          view("chat", "#question");
        },
      })),
    // An editor's theme is followed.
    ...(host.frame === null ? THEMES : [])
      .filter(([id]) => id !== state.theme)
      .map(([id, title]) => ({ id: `theme ${id}`, title: `Theme: ${title}`, run: () => dispatch({ type: "theme", theme: id }) })),
    { id: "keys", title: "Keys", key: "?", run: () => dispatch({ type: "overlay", overlay: "keys" }) },
  ];
}

function answerActions(app: App, pusher: Pusher, state: State): PaletteAction[] {
  if (runningOf(state).length > 0) return [{ id: "stop", title: "Stop the answer", key: "Escape", run: () => stopCurrent(app) }];
  const last = state.conversations.find(({ id }) => id === state.current)?.turns.at(-1);
  if (state.link.phase !== "open" || last?.role !== "assistant") return [];
  return [
    { id: "again", title: "Regenerate the last answer", run: () => void regenerate(app, pusher, last.id) },
    { id: "on", title: "Continue the last answer", run: () => void goOn(app, pusher) },
  ];
}

/** Those whose titles hold every word that was typed, in any order; titles that begin with it come first. */
export function matching(actions: readonly PaletteAction[], typed: string): PaletteAction[] {
  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const found = actions.filter(({ title }) => words.every((word) => title.toLocaleLowerCase().includes(word)));
  const begins = ({ title }: PaletteAction) => (words.length > 0 && title.toLocaleLowerCase().startsWith(words[0]!) ? 0 : 1);
  return found.sort((a, b) => begins(a) - begins(b));
}
