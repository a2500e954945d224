/** The page within an editor: what its commands ask for is done here, and what the page shows is said outside of it. */
import type { PageOrder, Shown } from "../daemon/protocol/webview.ts";
import { startConversation } from "./chat/converse.ts";
import { runningOf } from "./chat/messages.ts";
import type { HostFrame } from "./host/host.ts";
import { refreshLibrary } from "./link/library.ts";
import { choosePreset, takeSampling } from "./presets/choose.ts";
import { effectiveStrength, presetOf } from "./rack/steering.ts";
import type { State } from "./store/state.ts";
import type { App } from "./store/store.ts";
import { focusNext } from "./ui/focus.ts";

export function followFrame(app: App, frame: HostFrame): void {
  const { store } = app;
  frame.onOrder((order) => void follow(app, order));
  frame.onRack((name) => (store.get().rack.controls.length === 0 ? null : presetOf(store.get().rack, name)));
  let said = "";
  const say = (): void => {
    const shown = shownOf(store.get());
    const text = JSON.stringify(shown);
    if (text === said) return;
    said = text;
    frame.show(shown);
  };
  store.subscribe(say);
  say();
}

export function shownOf(state: State): Shown {
  const { library, model, rack } = state;
  return {
    model: library.models.find(({ id }) => id === model)?.name ?? null,
    preset: rack.preset === null ? null : rack.name,
    steeredBy: rack.controls.filter((slider) => effectiveStrength(slider) !== 0).map(({ name }) => name),
    answering: runningOf(state).length > 0,
  };
}

async function follow(app: App, order: PageOrder): Promise<void> {
  const { store } = app;
  switch (order.do) {
    case "new-chat":
      startConversation(app);
      store.dispatch({ type: "view", view: "chat" });
      focusNext("#question");
      break;
    case "preset":
      await known(app, () => store.get().library.presets.some(({ id }) => id === order.id));
      choosePreset(store, order.id);
      break;
    case "rack":
      store.dispatch({ type: "rack/preset", id: null, preset: order.preset });
      takeSampling(store, order.preset);
      store.dispatch({ type: "view", view: order.view });
      break;
    case "model":
      await known(app, () => store.get().library.models.some(({ id }) => id === order.id));
      store.dispatch({ type: "model", model: order.id });
      break;
    case "report":
      store.dispatch({ type: "report", job: order.job });
      break;
    case "saved":
      store.dispatch({ type: "rack/saved", id: order.id, name: order.name });
      break;
    case "refresh":
      await refreshLibrary(app.client(), store);
  }
}

/** What an order names may be newer than the page's lists, and the page may have just begun. */
async function known(app: App, there: () => boolean): Promise<void> {
  if (!there()) await refreshLibrary(app.client(), app.store);
}
