/** Whether the page is so narrow that the steering column is a view of its own. */

import { useEffect, useState } from "preact/hooks";
import { mediaMatches, onMediaChange } from "../host/media.ts";

/** The same width as in styles/narrow.css. */
const NARROW = "(max-width: 860px)";

export function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(() => mediaMatches(NARROW));
  useEffect(() => onMediaChange(NARROW, () => setNarrow(mediaMatches(NARROW))), []);
  return narrow;
}
