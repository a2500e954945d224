/** Whether the page is so narrow that the steering column is a view of its own. */
import { useEffect, useState } from "preact/hooks";

/** The same width as in styles/narrow.css. */
const NARROW = "(max-width: 860px)";

export function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const change = () => setNarrow(query.matches);
    query.addEventListener("change", change);
    return () => query.removeEventListener("change", change);
  }, []);
  return narrow;
}
