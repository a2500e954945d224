/** Processes that take all the processor time that they are given, as a compiler beside the editor does. */
import { type ChildProcess, spawn } from "node:child_process";

export class BusyProcesses {
  readonly #children: readonly ChildProcess[];

  constructor(count: number) {
    this.#children = Array.from({ length: count }, () => spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }));
  }

  stop(): void {
    for (const child of this.#children) child.kill("SIGKILL");
  }
}
