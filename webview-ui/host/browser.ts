/** The page in a browser's tab. */
import { browserEntry } from "./browser-entry.ts";
import { browserStorage } from "./browser-storage.ts";
import { copyText } from "./clipboard.ts";
import type { Host } from "./host.ts";
import { themeSigns } from "./theme-signs.ts";

export function browserHost(): Host {
  return {
    keptIn: "in this browser",
    storage: browserStorage(() => localStorage),
    entry: browserEntry(),
    theme: themeSigns,
    frame: null,
    startAdvice: "Start the daemon again (`npm start`), then open the address that it prints: a new start has a new token.",
    copy: copyText,
    saveFile,
    openLink: (url) => void open(url, "_blank", "noopener,noreferrer"),
    reload: () => location.reload(),
    onLeave(listener) {
      window.addEventListener("pagehide", listener);
      return () => window.removeEventListener("pagehide", listener);
    },
  };
}

function saveFile(name: string, type: string, content: string | Uint8Array): void {
  const url = URL.createObjectURL(new Blob([content as BlobPart], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
