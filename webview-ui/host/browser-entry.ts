/** Signing in from a browser: the token comes in the address's fragment (which browsers never send) or from a person; it is kept for the tab. */
import { connectBrowser } from "../../daemon/client/browser.ts";
import { isToken, tokenIn } from "../link/token-text.ts";
import { browserStorage } from "./browser-storage.ts";
import type { HostEntry } from "./host.ts";

const KEY = "tiller.token";

export function browserEntry(): HostEntry {
  const storage = browserStorage(() => sessionStorage);
  const keep = (token: string | null): void => {
    try {
      if (token === null) storage.remove(KEY);
      else storage.set(KEY, token);
    } catch {
      // No room: the next load asks for it again.
    }
  };
  const take = (): boolean => {
    const given = takeToken();
    if (given === null) return false;
    if (given !== "") keep(given);
    return true;
  };
  take();
  return {
    connect() {
      const token = storage.get(KEY);
      // One that the browser cannot send (from an older page) is none.
      return token === null || !isToken(token) ? null : connectBrowser({ url: location.origin, token, name: "page" });
    },
    keep,
    onToken(listener) {
      // The address that a daemon prints, opened in this tab, differs in its fragment alone: the browser then loads nothing anew.
      window.addEventListener("hashchange", () => {
        if (take()) listener();
      });
    },
    revive: () => undefined,
  };
}

/** Takes `#token=…` out of the address bar at once, so that it is not copied, bookmarked or restored with the history. */
function takeToken(): string | null {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const given = fragment.get("token");
  if (given === null) return null;
  fragment.delete("token");
  const rest = fragment.toString();
  history.replaceState(history.state, "", `${location.pathname}${location.search}${rest === "" ? "" : `#${rest}`}`);
  return tokenIn(given) ?? "";
}
