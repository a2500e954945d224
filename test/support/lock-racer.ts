/** A process that takes one lock after the other, each at a moment that it shares with its rivals; it says which it won. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { acquireLock, liveness, newToken } from "../../daemon/store/lock.ts";

const [, , folder, first, rounds, every] = process.argv as [string, string, string, string, string, string];

async function race(): Promise<void> {
  const started = `${new Date().toISOString()} ${process.pid}`;
  const server = createServer((_, response) => response.end(JSON.stringify(liveness({ started })))).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const won: number[] = [];
  for (let round = 0; round < Number(rounds); round++) {
    const at = Number(first) + round * Number(every);
    await sleep(Math.max(0, at - Date.now() - 3));
    // a timer alone is off by more than the window in which two can meet
    while (Date.now() < at);
    const late = performance.now() + Math.random() * 3;
    while (performance.now() < late);
    const lock = { pid: process.pid, host: "127.0.0.1", port, token: newToken(), version: "0", protocol: 1, started };
    try {
      await acquireLock(join(folder, String(round), "daemon.json"), lock);
      won.push(round);
    } catch (error) {
      if ((error as { code?: string }).code !== "conflict") throw error;
    }
  }
  process.send?.(won);
  // the losers of the last round still ask whether the winner lives
  await once(process, "message");
  process.exit();
}

await race();
