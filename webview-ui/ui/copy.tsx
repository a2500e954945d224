/** A button that copies text and says so, for eyes and for screen readers. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useApp } from "../store/store.ts";
import { Icon } from "./icon.tsx";

export function CopyButton({ text, label, children }: { text: () => string | Promise<string>; label: string; children?: string }) {
  const { host } = useApp();
  const [said, say] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => () => clearTimeout(timer.current ?? undefined), []);
  const copy = async () => {
    say((await host.copy(text())) ? "Copied" : "Not copied: it was refused");
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
