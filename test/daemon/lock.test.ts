import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "mocha";
import { REPOSITORY } from "../support/shared.ts";

const RACER = join(REPOSITORY, "out", "test", "support", "lock-racer.js");
const RACERS = 6;
const ROUNDS = 100;
const EVERY_MS = 100;
/** until every racer is up */
const START_MS = 2000;

const DEAD = JSON.stringify({
  pid: 2 ** 22 + 1,
  host: "127.0.0.1",
  port: 1,
  token: "a".repeat(22),
  version: "0",
  protocol: 1,
  started: "then",
});

async function wonBy(racer: ChildProcess): Promise<number[]> {
  const left = once(racer, "exit").then(([code, signal]) => assert.fail(`a racer ended early: ${code ?? signal}`));
  left.catch(() => undefined);
  const [rounds] = (await Promise.race([once(racer, "message"), left])) as [number[]];
  return rounds;
}

describe("daemon: the lock", () => {
  // Without a guard over the removal two win in 2 of 100 rounds on an idle machine: whole daemons meet too rarely to show it.
  it("of six processes that find the same stale lock exactly one gets it, every time", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tiller-lock-"));
    for (let round = 0; round < ROUNDS; round++) {
      mkdirSync(join(folder, String(round)));
      writeFileSync(join(folder, String(round), "daemon.json"), round % 2 === 0 ? DEAD : "{ half a file");
    }
    const racers: ChildProcess[] = [];
    try {
      const first = Date.now() + START_MS;
      for (let i = 0; i < RACERS; i++) racers.push(fork(RACER, [folder, first, ROUNDS, EVERY_MS].map(String)));
      const won = await Promise.all(racers.map(wonBy));
      const winners = new Array<number>(ROUNDS).fill(0);
      for (const round of won.flat()) winners[round]!++;
      assert.deepEqual(winners, new Array(ROUNDS).fill(1));
    } finally {
      for (const racer of racers) racer.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
