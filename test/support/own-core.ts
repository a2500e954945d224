/**
 * For mocha's --require: each process that runs test files keeps to a core of its own, and so do the daemons and engines that it
 * starts. A model computes with one thread per core that it may use; two such models on the same cores would spend their time
 * waiting for each other's threads.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** "0-2,5" → [0, 1, 2, 5] */
export function coresOf(list: string): number[] {
  return list.split(",").flatMap((part) => {
    const [from, to = from] = part.split("-").map(Number) as [number, number?];
    return Array.from({ length: to! - from + 1 }, (_, i) => from + i);
  });
}

const worker = process.env["MOCHA_WORKER_ID"];
if (worker !== undefined && process.platform === "linux") {
  const allowed = coresOf(/^Cpus_allowed_list:\s+(\S+)$/m.exec(readFileSync("/proc/self/status", "utf8"))![1]!);
  const core = allowed[Number(worker) % allowed.length]!;
  // without taskset the tests are slower, not wrong
  spawnSync("taskset", ["-a", "-c", "-p", String(core), String(process.pid)], { stdio: "ignore" });
}
