/** A button that at times has nothing to do. It stays focusable then: a disabled one throws the keyboard back to the page's start. */
import type { ComponentChildren } from "preact";

interface Props {
  idle: boolean;
  onClick: () => void;
  label?: string;
  title?: string;
  square?: boolean;
  children: ComponentChildren;
}

export function IdleButton({ idle, onClick, label, title, square = false, children }: Props) {
  return (
    <button
      type="button"
      class={square ? "quiet square" : "quiet"}
      aria-disabled={idle}
      onClick={() => {
        if (!idle) onClick();
      }}
      {...(label === undefined ? {} : { "aria-label": label })}
      {...(title === undefined ? {} : { title })}
    >
      {children}
    </button>
  );
}
