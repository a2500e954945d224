/** Follows a connection: keeps the state line honest, and reads the lists whenever it opens. */
import type { TillerClient } from "../../daemon/client/client.ts";
import { takeFrame } from "../heatmap/watch.ts";
import type { Store } from "../store/store.ts";
import { refreshLibrary } from "./library.ts";
import { problemOf } from "./problem.ts";
import { wire } from "./wire.ts";

export interface Connection {
  readonly client: TillerClient;
  close(): void;
}

/** @param onRefused the daemon does not know the token */
export function connect(client: TillerClient, store: Store, onRefused: () => void): Connection {
  store.dispatch({ type: "link", link: { phase: "connecting", problem: null } });
  const unwire = wire(client, store);
  const endFrames = client.onFrame(takeFrame);
  let wasOpen = false;
  const endState = client.onState(({ state, error }) => {
    if (state === "open") {
      wasOpen = true;
      const hello = client.hello;
      store.dispatch({
        type: "link",
        link: { phase: "open", problem: null, version: hello?.version ?? "", scopes: hello?.scopes ?? [], limits: hello?.limits ?? null },
      });
      void refreshLibrary(client, store, store.get().model === null ? (hello?.defaultModel ?? null) : null);
    } else if (state === "closed") {
      if (error?.code === "unauthorised") onRefused();
      store.dispatch({
        type: "link",
        link: { phase: error?.code === "unauthorised" ? "signed-out" : "closed", problem: error === null ? null : problemOf(error) },
      });
    } else {
      const problem = error === null ? null : problemOf(error);
      store.dispatch({ type: "link", link: { phase: wasOpen || error !== null ? "lost" : "connecting", problem } });
    }
  });
  return {
    client,
    close() {
      endState();
      endFrames();
      unwire();
      client.close();
    },
  };
}
