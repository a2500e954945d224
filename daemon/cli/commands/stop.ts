/** `tiller stop`: ends the daemon after its running answers. */
import type { Command } from "commander";
import { ClientError } from "../../client/error.ts";
import { readLock } from "../../store/lock.ts";
import { action, command } from "../action.ts";

const WAIT_MS = 30_000;

export function addStop(program: Command): void {
  command(program, "stop", "end the daemon; running answers get a few seconds").action(
    action(async (session) => {
      const running = await session.runningDaemon();
      if (running === null) {
        await session.output.result({ stopped: false, running: false }, () => "No daemon runs.");
        return;
      }
      const { lock, client } = running;
      await client.call("daemon.stop", {});
      const until = Date.now() + WAIT_MS;
      while (readLock(session.paths.lock)?.token === lock.token || exists(lock.pid)) {
        if (Date.now() > until) {
          throw new ClientError("unreachable", `the daemon (pid ${lock.pid}) was told to stop and still runs`, {
            suggestion: "Its log says why.",
          });
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await session.output.result({ stopped: true, pid: lock.pid }, () => `The daemon (pid ${lock.pid}) has stopped.`);
    }),
  );
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
