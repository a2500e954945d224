/** `npm run build:native` */

import { join } from "node:path";
import { buildNative, install, root, run } from "./setup.mjs";

install();
run(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-b", "daemon"]);
buildNative();
