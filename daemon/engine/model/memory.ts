/** Memory that this process may still take, with the limits of a container counted. */
import { readFileSync } from "node:fs";
import { freemem, totalmem } from "node:os";

export function availableMemory(): number {
  const limit = process.constrainedMemory();
  const free = freemem();
  if (limit === undefined || limit === 0 || limit >= totalmem()) return free;
  return Math.max(0, Math.min(free, limit - usedByContainer()));
}

function usedByContainer(): number {
  for (const file of ["/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory/memory.usage_in_bytes"]) {
    try {
      const used = Number(readFileSync(file, "utf8"));
      if (Number.isFinite(used)) return used - reclaimable();
    } catch {
      // not this version of control groups
    }
  }
  return process.memoryUsage.rss();
}

/** File pages, which the kernel gives back when memory runs short. */
function reclaimable(): number {
  try {
    const line = /^inactive_file (\d+)$/m.exec(readFileSync("/sys/fs/cgroup/memory.stat", "utf8"));
    return line === null ? 0 : Number(line[1]);
  } catch {
    return 0;
  }
}
