/** Mounts the page: restores what its host keeps, connects. */
import { render } from "preact";
import { AppShell } from "./app.tsx";
import { followFrame } from "./frame.ts";
import { offerToConsole } from "./host/console.ts";
import { startHost } from "./host/start.ts";
import { type Connection, connect } from "./link/connect.ts";
import { nextFrame } from "./link/frame.ts";
import { refreshPresets } from "./link/library.ts";
import { adviseToStart } from "./link/problem.ts";
import { createPusher } from "./rack/push.ts";
import { INITIAL } from "./store/initial.ts";
import { keep, restore } from "./store/persist.ts";
import { type App, AppContext, createStore } from "./store/store.ts";
import { followTheme } from "./ui/theme.ts";

const host = await startHost();
adviseToStart(host.startAdvice);
const store = createStore({ ...INITIAL, ...restore(host.storage, INITIAL) });
keep(host.storage, store, host.onLeave);
const applyTheme = followTheme(host.theme, () => store.get().theme);

let connection: Connection | null = null;

function join(): void {
  connection?.close();
  const client = host.entry.connect();
  connection = client === null ? null : connect(client, store, () => host.entry.keep(null));
  if (client === null) store.dispatch({ type: "link", link: { phase: "signed-out" } });
}

const app: App = {
  store,
  host,
  signIn(pass) {
    host.entry.keep(pass);
    join();
  },
  reconnect() {
    host.entry.revive();
    connection?.client.wake();
  },
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

offerToConsole({
  get client() {
    return connection?.client ?? null;
  },
  get state() {
    return store.get();
  },
});

if (host.frame !== null) followFrame(app, host.frame);
host.entry.onPass(join);
join();
render(
  <AppContext.Provider value={app}>
    <AppShell pusher={pusher} />
  </AppContext.Provider>,
  document.getElementById("app")!,
);
