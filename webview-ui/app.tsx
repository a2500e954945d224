/** The frame of the page: header, conversations, the view, and the steering column. */
import { useEffect } from "preact/hooks";
import { ChatView } from "./chat/view.tsx";
import { CompareView } from "./compare/view.tsx";
import { HeatPanel } from "./heatmap/panel.tsx";
import { ModelsView } from "./models/view.tsx";
import { RackPanel } from "./rack/panel.tsx";
import type { Pusher } from "./rack/push.ts";
import type { View } from "./store/state.ts";
import { useStore } from "./store/store.ts";
import { LinkBanner, SignIn } from "./ui/connection.tsx";
import { Header } from "./ui/header.tsx";

export function AppShell({ pusher }: { pusher: Pusher }) {
  const view = useStore((state) => state.view);
  const signedOut = useStore((state) => state.link.phase === "signed-out");
  useTitle(view);
  if (signedOut)
    return (
      <div class="shell signed-out">
        <SignIn />
      </div>
    );
  return (
    <div class="shell" data-view={view}>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <Header />
      <LinkBanner />
      <main id="main" class="main" tabIndex={-1} aria-label={TITLES[view]}>
        {view === "compare" ? <CompareView pusher={pusher} /> : view === "models" ? <ModelsView /> : <ChatView pusher={pusher} />}
      </main>
      <aside class="side" aria-label="Steering">
        <RackPanel />
        <HeatPanel />
      </aside>
    </div>
  );
}

const TITLES: Readonly<Record<View, string>> = {
  chat: "Chat",
  sliders: "Chat",
  live: "Chat",
  compare: "Compare",
  models: "Models",
};

/** The title follows the view, so that the browser's history and a screen reader say where one is. */
function useTitle(view: View): void {
  useEffect(() => {
    document.title = `${TITLES[view]} · Tiller`;
  }, [view]);
}
