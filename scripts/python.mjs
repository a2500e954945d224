/** Python is a guest here: for training, for the card's lane, and for the registry that the real models come from. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./setup.mjs";

/** The first interpreter that can import what is named: training's own, else the system's; undefined when none can. */
export function pythonWith(modules) {
  const own = join(root, "training", ".venv", process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  return [own, "python3", "python"].find((name) => spawnSync(name, ["-c", `import ${modules}`], { stdio: "ignore" }).status === 0);
}
