/** `npm run bench [-- --json FILE --only id,id]` */
import { join } from "node:path";
import { prepare, root, run } from "./setup.mjs";

prepare();
run(process.execPath, ["--expose-gc", join(root, "out", "test", "bench", "main.js"), ...process.argv.slice(2)]);
