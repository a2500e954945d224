/** `npm start`: everything that a fresh clone needs, then the daemon with the embedded model and the URL of its page. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { prepare, root } from "./setup.mjs";

prepare();
const child = spawn(process.execPath, [join(root, "bin", "tiller.mjs"), "serve", "--open", ...process.argv.slice(2)], {
  stdio: "inherit",
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? (signal === null ? 0 : 1)));
