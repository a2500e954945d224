/** The webview's document: the page's own bundle under a policy that allows its script, its styles, and no network. */
import { randomBytes } from "node:crypto";
import { Uri, type Webview } from "vscode";

/** Folder of the page's bundle, seen from the extension's. */
export const PAGE = ["dist", "webview"] as const;

/** @param script of the page that is shown */
export function pageHtml(webview: Webview, extension: Uri, script: "main.js" | "panel.js" = "main.js"): string {
  const nonce = randomBytes(16).toString("base64url");
  const file = (name: string): Uri => webview.asWebviewUri(Uri.joinPath(extension, ...PAGE, name));
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data:`,
    `font-src ${webview.cspSource}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Tiller</title>
    <link rel="stylesheet" href="${file("style.css")}" />
  </head>
  <body>
    <div id="app"></div>
    <script type="module" nonce="${nonce}" src="${file(script)}"></script>
  </body>
</html>
`;
}
