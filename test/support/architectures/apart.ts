/** A comparison in a process of its own: llama.cpp ends the process on files that it does not expect, and that is a result, too. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Comparison, compare } from "./compare.ts";
import type { Row } from "./table.ts";

const HERE = fileURLToPath(import.meta.url);

export async function compareApart(name: string, folder: string): Promise<Row> {
  const child = fork(HERE, [name, folder], { stdio: ["ignore", "ignore", "pipe", "ipc"], serialization: "advanced" });
  const said: string[] = [];
  child.stderr!.setEncoding("utf8").on("data", (text: string) => said.push(...text.split("\n").filter((line) => line.trim() !== "")));
  let result: Comparison | undefined;
  child.on("message", (message) => {
    result = message as Comparison;
  });
  await once(child, "close");
  if (result !== undefined) return result;
  const why = said.find((line) => /error loading model: |\.(?:c|cpp|h):\d+: /.test(line)) ?? said.at(-1) ?? "its process ended";
  return { name, reason: why.replace(/^.*error loading model: |^\S*\//, "") };
}

if (process.argv[1] === HERE) {
  const [, , name, folder] = process.argv;
  const result = await compare(name!, join(folder!, `${name}.gguf`), join(folder!, `${name}.safetensors`));
  process.send!(result, () => process.exit(0));
}
