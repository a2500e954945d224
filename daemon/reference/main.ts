/** `npm run docs`: writes docs/reference.md and docs/schema. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createProgram } from "../cli/program.ts";
import { packageRoot } from "../store/paths.ts";
import { documents } from "./reference.ts";

for (const [name, text] of Object.entries(documents(createProgram()))) {
  const path = join(packageRoot(), "docs", name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(`docs/${name}: ${text.length} characters`);
}
