/** The bundle that draws charts, loaded when the first one is shown; the page's own start does not wait for it. */
import type * as Charts from "./charts/main.ts";

/** Beside the page's own script; not a literal import, so that neither bundle takes the other in. */
const CHARTS: string = "./charts.js";

let loading: Promise<typeof Charts> | null = null;

/** @throws where it cannot be loaded, such as when the page is older than the daemon's files; the next call tries again */
export function loadCharts(): Promise<typeof Charts> {
  loading ??= (import(CHARTS) as Promise<typeof Charts>).catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}
