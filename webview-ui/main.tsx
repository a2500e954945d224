/** Mounts the page: restores what this browser keeps, takes the token, connects. */
import { render } from "preact";
import { AppShell } from "./app.tsx";
import { type Connection, connect } from "./link/connect.ts";
import { nextFrame } from "./link/frame.ts";
import { refreshPresets } from "./link/library.ts";
import { keepToken, takeToken } from "./link/token.ts";
import { createPusher } from "./rack/push.ts";
import { INITIAL } from "./store/initial.ts";
import { keep, restore } from "./store/persist.ts";
import { type App, AppContext, createStore } from "./store/store.ts";
import { followTheme } from "./ui/theme.ts";

const store = createStore({ ...INITIAL, ...restore(localStorage, INITIAL) });
keep(localStorage, store, window);
const applyTheme = followTheme(() => store.get().theme);

let connection: Connection | null = null;

function signIn(token: string | null): void {
  connection?.close();
  connection = null;
  keepToken(token, sessionStorage);
  if (token === null) store.dispatch({ type: "link", link: { phase: "signed-out" } });
  else connection = connect(location.origin, token, store, () => keepToken(null, sessionStorage));
}

const app: App = {
  store,
  signIn,
  reconnect: () => connection?.client.wake(),
  client() {
    if (connection === null) throw Object.assign(new Error("the page is not connected to a daemon"), { code: "disconnected" });
    return connection.client;
  },
};
const pusher = createPusher(store, app.client, nextFrame);

let { rack, theme, model } = store.get();
store.subscribe(() => {
  const state = store.get();
  if (state.rack.controls !== rack.controls) pusher.moved();
  if (state.theme !== theme) applyTheme();
  if (state.model !== model && connection !== null && state.library.ready) void refreshPresets(connection.client, store);
  ({ rack, theme, model } = state);
});

/** For debugging, documented in webview-ui/README.md: the typed client and the state, from the browser's console. */
Object.defineProperty(window, "tiller", {
  value: Object.freeze({
    get client() {
      return connection?.client ?? null;
    },
    get state() {
      return store.get();
    },
  }),
});

signIn(takeToken(location, history, sessionStorage));
// The address that a daemon prints, opened in this tab, differs in its fragment alone: the browser then loads nothing anew.
window.addEventListener("hashchange", () => {
  if (!new URLSearchParams(location.hash.slice(1)).has("token")) return;
  signIn(takeToken(location, history, sessionStorage));
});
render(
  <AppContext.Provider value={app}>
    <AppShell pusher={pusher} />
  </AppContext.Provider>,
  document.getElementById("app")!,
);
