/**
 * Signing in from a browser: a code or a token comes in the address's fragment (which browsers never send) or from a person. A code is
 * changed into a session's token, once; tokens are kept for the tab.
 */
import { connectBrowser } from "../../daemon/client/browser.ts";
import { sessionFor } from "../../daemon/client/page-sign-in.ts";
import { isToken, type Pass, passIn } from "../link/token-text.ts";
import { browserStorage } from "./browser-storage.ts";
import type { HostEntry } from "./host.ts";

const KEY = "tiller.token";

export function browserEntry(): HostEntry {
  const storage = browserStorage(() => sessionStorage);
  /** not changed into a token yet */
  let code: string | null = null;
  const kept = (): string | null => {
    const token = storage.get(KEY);
    // One that the browser cannot send (from an older page) is none.
    return token === null || !isToken(token) ? null : token;
  };
  const keep = (pass: Pass | null): void => {
    code = pass !== null && "code" in pass ? pass.code : null;
    try {
      if (pass === null) storage.remove(KEY);
      else if ("token" in pass) storage.set(KEY, pass.token);
    } catch {
      // No room: the next load asks for it again.
    }
  };
  /** @throws ClientError where the code opens nothing, and the tab has no token of its own */
  const token = async (): Promise<string> => {
    const own = kept();
    if (code === null && own !== null) return own;
    try {
      const made = await sessionFor(location.origin, code ?? "");
      keep({ token: made });
      return made;
    } catch (error) {
      // An address that this tab has used already, out of its history.
      if (own === null || (error as { code?: unknown }).code !== "unauthorised") throw error;
      code = null;
      return own;
    }
  };
  const take = (): boolean => {
    const given = takePass();
    if (given === null) return false;
    if (given !== "none") keep(given);
    return true;
  };
  take();
  return {
    connect: () => (code === null && kept() === null ? null : connectBrowser({ url: location.origin, token, name: "page" })),
    keep,
    onPass(listener) {
      // The address that a daemon prints, opened in this tab, differs in its fragment alone: the browser then loads nothing anew.
      window.addEventListener("hashchange", () => {
        if (take()) listener();
      });
    },
    revive: () => undefined,
  };
}

/** Takes `#code=…` or `#token=…` out of the address bar at once, so that it is not copied, bookmarked or restored with the history. */
function takePass(): Pass | "none" | null {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const name = ["code", "token"].find((one) => fragment.has(one));
  if (name === undefined) return null;
  const given = fragment.get(name)!;
  for (const one of ["code", "token"]) fragment.delete(one);
  const rest = fragment.toString();
  history.replaceState(history.state, "", `${location.pathname}${location.search}${rest === "" ? "" : `#${rest}`}`);
  return passIn(`${name}=${given}`) ?? "none";
}
