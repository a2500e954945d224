/** A button that copies text and says so, for eyes and for screen readers. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icon.tsx";

export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** Where the clipboard interface is refused (some embedded views). */
function copyBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "hidden";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

export function CopyButton({ text, label, children }: { text: () => string; label: string; children?: string }) {
  const [said, say] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => () => clearTimeout(timer.current ?? undefined), []);
  const copy = async () => {
    say((await copyText(text())) ? "Copied" : "Not copied: the browser refused");
    timer.current = setTimeout(() => say(null), 2000);
  };
  return (
    <button
      type="button"
      class={children === undefined ? "quiet square" : "quiet"}
      aria-label={label}
      title={label}
      onClick={() => void copy()}
    >
      <Icon name={said === "Copied" ? "check" : "copy"} />
      {children}
      <span class="hidden" role="status">
        {said}
      </span>
    </button>
  );
}
