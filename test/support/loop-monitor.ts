/**
 * Read into a daemon under test (`--import`): writes a line to a file (TILLER_TEST_LOOP and the pid) whenever one turn of the event
 * loop computes for longer than a client may hold up the others. Counted is the main thread's own processor time, because other
 * work on the test machine delays every turn. With TILLER_TEST_LOOP_PROFILE the line says where the time went.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { Session } from "node:inspector";

const EVERY_MS = 10;
const REPORT_MS = 30;

/** Processor time of the main thread in milliseconds. Linux only: the first field of schedstat, in nanoseconds. */
function processorTime(): number {
  const text = readFileSync(`/proc/self/task/${process.pid}/schedstat`, "latin1");
  return Number(text.slice(0, text.indexOf(" "))) / 1e6;
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}

/** Where the samples fell, most first; the profile starts anew. */
function profiler(): () => string {
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.setSamplingInterval", { interval: 1000 });
  session.post("Profiler.start");
  return () => {
    let found = "";
    session.post("Profiler.stop", (_error, result) => {
      const { nodes, samples = [] } = (result as { profile: { nodes: ProfileNode[]; samples?: number[] } }).profile;
      const counts = new Map<number, number>();
      for (const id of samples.slice(-300)) counts.set(id, (counts.get(id) ?? 0) + 1);
      const top = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 6);
      found = top
        .map(([id, count]) => {
          const { functionName, url, lineNumber } = nodes.find((node) => node.id === id)!.callFrame;
          return `${count} ${functionName || "?"} ${url.split("/").at(-1)}:${lineNumber}`;
        })
        .join(", ");
    });
    session.post("Profiler.start");
    return found;
  };
}

const file = process.env["TILLER_TEST_LOOP"];
if (file !== undefined && process.platform === "linux") {
  const where = process.env["TILLER_TEST_LOOP_PROFILE"] === undefined ? () => "" : profiler();
  let before = processorTime();
  setInterval(() => {
    const now = processorTime();
    const spent = now - before;
    if (spent > REPORT_MS) appendFileSync(`${file}${process.pid}`, `${Date.now()} ${Math.round(spent)} ${where()}\n`);
    before = spent > REPORT_MS ? processorTime() : now;
  }, EVERY_MS).unref();
}
