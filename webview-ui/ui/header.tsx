/** The header: views, model, connection, theme. */
import type { ThemeChoice, View } from "../store/state.ts";
import { useApp, useStore } from "../store/store.ts";
import { ConnectionState } from "./connection.tsx";
import { Icon } from "./icon.tsx";

/** `sliders` and `live` are views of their own only where there is no room beside the chat. */
const VIEWS: readonly { id: View; title: string; narrow: boolean }[] = [
  { id: "chat", title: "Chat", narrow: false },
  { id: "sliders", title: "Sliders", narrow: true },
  { id: "live", title: "Live", narrow: true },
  { id: "compare", title: "Compare", narrow: false },
  { id: "models", title: "Models", narrow: false },
  { id: "reports", title: "Reports", narrow: false },
];

const THEMES: readonly { id: ThemeChoice; title: string }[] = [
  { id: "auto", title: "System" },
  { id: "light", title: "Light" },
  { id: "dark", title: "Dark" },
  { id: "contrast", title: "High contrast" },
];

export function Header() {
  const { store, host } = useApp();
  const view = useStore((state) => state.view);
  return (
    <header class="top">
      {/* An editor shows the name above its view, and its theme is followed. */}
      <h1 class={host.frame === null ? "brand" : "hidden"}>
        <Helm />
        Tiller
      </h1>
      <nav class="views" aria-label="Views">
        {VIEWS.map(({ id, title, narrow }) => (
          <button
            type="button"
            key={id}
            class={narrow ? "narrow-only" : ""}
            data-view={id}
            aria-current={view === id ? "page" : undefined}
            onClick={() => store.dispatch({ type: "view", view: id })}
          >
            {title}
          </button>
        ))}
      </nav>
      <div class="top-end">
        <ModelPicker />
        <ConnectionState />
        {host.frame === null && <ThemeSwitch />}
        <button
          type="button"
          class="quiet square help"
          aria-label="Keys and all actions"
          title="Keys and all actions"
          onClick={() => store.dispatch({ type: "overlay", overlay: "keys" })}
        >
          ?
        </button>
      </div>
    </header>
  );
}

function ThemeSwitch() {
  const { store } = useApp();
  const theme = useStore((state) => state.theme);
  return (
    <label class="theme-switch" title="Theme">
      <Icon name="theme" />
      <span class="hidden">Theme</span>
      <select value={theme} onChange={(event) => store.dispatch({ type: "theme", theme: event.currentTarget.value as ThemeChoice })}>
        {THEMES.map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

function ModelPicker() {
  const { store } = useApp();
  const models = useStore((state) => state.library.models);
  const model = useStore((state) => state.model);
  const ready = useStore((state) => state.library.ready);
  if (ready && models.length === 0)
    return (
      <button type="button" onClick={() => store.dispatch({ type: "view", view: "models" })}>
        Get a model
      </button>
    );
  return (
    <label class="model-picker">
      <span class="hidden">Model</span>
      <select
        value={model ?? ""}
        disabled={models.length === 0}
        onChange={(event) => store.dispatch({ type: "model", model: event.currentTarget.value })}
      >
        {models.map(({ id, name, state }) => (
          <option key={id} value={id} disabled={state === "missing"}>
            {name}
            {state === "loaded" ? "" : ` (${state === "available" ? "not loaded" : state})`}
          </option>
        ))}
      </select>
    </label>
  );
}

function Helm() {
  return (
    <svg class="helm" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      <circle cx="10" cy="10" r="5.2" />
      <circle cx="10" cy="10" r="1.4" />
      <path d="M10 1.2v7.4M10 11.4v7.4M1.2 10h7.4M11.4 10h7.4M3.8 3.8l5.2 5.2M11 11l5.2 5.2M16.2 3.8L11 9M9 11l-5.2 5.2" />
    </svg>
  );
}
