/** Line icons, 16 × 16. Always beside or inside something that has a name, so hidden from screen readers. */
const PATHS = {
  chevron: "M6 4l4 4-4 4",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  close: "M4 4l8 8M12 4l-8 8",
  send: "M8 13V3M4 7l4-4 4 4",
  stop: "M4.5 4.5h7v7h-7z",
  play: "M5 3.5l7.5 4.5L5 12.5z",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  again: "M13 8a5 5 0 1 1-1.5-3.6M13 2.5v3h-3",
  reset: "M3 8a5 5 0 1 0 1.5-3.6M3 2.5v3h3",
  copy: "M5.5 5.5h7v7h-7zM3.5 10.5v-7h7",
  edit: "M3 13l.7-2.9L10.6 3.2l2.2 2.2-6.9 6.9z",
  compare: "M2.5 3.5h4.5v9H2.5zM9 3.5h4.5v9H9z",
  dice: "M3 3h10v10H3zM6 6v.01M10 10v.01M10 6v.01M6 10v.01",
  lock: "M4 7.5h8V13H4zM5.7 7.5V5.3a2.3 2.3 0 0 1 4.6 0v2.2",
  unlock: "M4 7.5h8V13H4zM5.7 7.5V5.3a2.3 2.3 0 0 1 4.4-.9",
  sliders: "M2.5 4.5h6M11.5 4.5h2M2.5 11.5h2M7.5 11.5h6M10 3v3M6 10v3",
  list: "M3 4.5h10M3 8h10M3 11.5h10",
  more: "M3.5 8v.01M8 8v.01M12.5 8v.01",
  trash: "M3 4.5h10M6 4.5V3h4v1.5M4.5 4.5l.5 8.5h6l.5-8.5",
  save: "M3 3h8l2 2v8H3zM5.5 3v3.5h4.5V3M5.5 13V9.5h5V13",
  download: "M8 3v7M5 7.5l3 3 3-3M3 13h10",
  up: "M8 12V4M5 7l3-3 3 3",
  down: "M8 4v8M5 9l3 3 3-3",
  theme: "M8 3a5 5 0 1 0 0 10zM8 3a5 5 0 0 1 0 10",
  alert: "M8 2.5l6 11H2zM8 6.5v3.2M8 11.6v.01",
  check: "M3.5 8.5l3 3 6-7",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
