/** `npm run bench [-- --json FILE --only id,id]` */
import { join } from "node:path";
import { build, buildNative, install, root, run } from "./setup.mjs";

install();
build();
buildNative();
run(process.execPath, ["--expose-gc", join(root, "out", "test", "bench", "main.js"), ...process.argv.slice(2)]);
