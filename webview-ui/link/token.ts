/** The access token: from the address's fragment (which browsers never send), kept for this tab only. */
const KEY = "tiller.token";

/** Takes `#token=…` out of the address bar at once, so that it is not copied, bookmarked or restored with the history. */
export function takeToken(location: Location, history: History, storage: Storage): string | null {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const given = fragment.get("token");
  if (given !== null) {
    fragment.delete("token");
    const rest = fragment.toString();
    history.replaceState(history.state, "", `${location.pathname}${location.search}${rest === "" ? "" : `#${rest}`}`);
    if (given !== "") keepToken(given, storage);
  }
  return read(storage);
}

export function keepToken(token: string | null, storage: Storage): void {
  try {
    if (token === null) storage.removeItem(KEY);
    else storage.setItem(KEY, token);
  } catch {
    // Storage is switched off: the token lives as long as this page.
  }
}

function read(storage: Storage): string | null {
  try {
    return storage.getItem(KEY);
  } catch {
    return null;
  }
}
