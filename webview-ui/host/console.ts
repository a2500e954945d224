/** Offers the client and the state to whoever debugs the page, under `tiller`; documented in webview-ui/README.md. */
export function offerToConsole(value: object): void {
  Object.defineProperty(window, "tiller", { value: Object.freeze(value) });
}
