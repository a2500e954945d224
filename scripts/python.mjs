/** Python is a guest here: for training, for the card's lane, and for the registry that the real models come from. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./setup.mjs";

/** The first interpreter that can import what is named: of this environment in training, else the system's; undefined when none can. */
export function pythonWith(modules, environment = ".venv") {
  const own = join(root, "training", environment, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  return [own, "python3", "python"].find((name) => spawnSync(name, ["-c", `import ${modules}`], { stdio: "ignore" }).status === 0);
}
