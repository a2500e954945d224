/** What a daemon says of itself at /metrics, to wait for a state instead of a time. */
import { setTimeout as sleep } from "node:timers/promises";
import type { TestDaemon } from "./daemon.ts";

/** Sum over the metric's labels; 0 where it is not there. */
export async function metric(daemon: TestDaemon, name: string): Promise<number> {
  const text = await (await daemon.fetch("/metrics")).text();
  const values = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (.+)$`, "gm"))];
  return values.reduce((sum, match) => sum + Number(match[1]), 0);
}

export async function reached(daemon: TestDaemon, name: string, least: number): Promise<void> {
  while ((await metric(daemon, name)) < least) await sleep(10);
}
