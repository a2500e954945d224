/** The frame of the page: header, conversations, the view, and the steering column. */
import { useEffect, useRef } from "preact/hooks";
import { ChatView } from "./chat/view.tsx";
import { CompareView } from "./compare/view.tsx";
import { HeatPanel } from "./heatmap/panel.tsx";
import { ModelsView } from "./models/view.tsx";
import { Overlays } from "./palette/overlays.tsx";
import { RackPanel } from "./rack/panel.tsx";
import type { Pusher } from "./rack/push.ts";
import { ReportsView } from "./reports/view.tsx";
import type { View } from "./store/state.ts";
import { useStore } from "./store/store.ts";
import { LinkBanner, SignIn } from "./ui/connection.tsx";
import { Header } from "./ui/header.tsx";
import { useNarrow } from "./ui/narrow.ts";

export function AppShell({ pusher }: { pusher: Pusher }) {
  const view = useStore((state) => state.view);
  const signedOut = useStore((state) => state.link.phase === "signed-out");
  const narrow = useNarrow();
  const alone = narrow && (view === "sliders" || view === "live");
  const Side = alone ? "main" : "aside";
  useTitle(view);
  // The page waits behind the sign-in as it was left: what is typed anywhere in it outlives a daemon that was started anew.
  const begun = useRef(false);
  begun.current ||= !signedOut;
  return (
    <>
      {signedOut && <SignIn />}
      <Overlays pusher={pusher} />
      {begun.current && (
        <div class="shell" data-view={view} hidden={signedOut}>
          <a class="skip" href="#main">
            Skip to the content
          </a>
          <Header />
          <LinkBanner />
          <main id={alone ? undefined : "main"} class="main" tabIndex={-1} aria-label={TITLES[view]}>
            <MainView view={view} pusher={pusher} />
          </main>
          <Side class="side" aria-label="Steering" {...(alone ? { id: "main", tabIndex: -1 } : {})}>
            <RackPanel />
            <HeatPanel />
          </Side>
        </div>
      )}
    </>
  );
}

function MainView({ view, pusher }: { view: View; pusher: Pusher }) {
  switch (view) {
    case "compare":
      return <CompareView pusher={pusher} />;
    case "models":
      return <ModelsView />;
    case "reports":
      return <ReportsView />;
    default:
      return <ChatView pusher={pusher} />;
  }
}

const TITLES: Readonly<Record<View, string>> = {
  chat: "Chat",
  sliders: "Chat",
  live: "Chat",
  compare: "Compare",
  models: "Models",
  reports: "Reports",
};

/** The title follows the view, so that the browser's history and a screen reader say where one is. */
function useTitle(view: View): void {
  useEffect(() => {
    document.title = `${TITLES[view]} · Tiller`;
  }, [view]);
}
