/** Puts a build where node-llama-cpp looks for its user's own builds: its prebuilt files, with our libllama, and our addon. */
import { copyFileSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BUILD_OPTION, buildFolder, platformInfo } from "./paths.ts";
import type { Prebuilt } from "./prebuilt.ts";

/** @param built folder with the linked libllama and tiller.node; @returns where they are now */
export async function install(prebuilt: Prebuilt, built: string): Promise<string> {
  const target = await buildFolder(prebuilt.variant);
  rmSync(dirname(target), { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(prebuilt.folder)) {
    if (name === prebuilt.llama || name === "_nlcBuildMetadata.json") continue;
    share(join(prebuilt.folder, name), join(target, name));
  }
  copyFileSync(join(built, prebuilt.llama), join(target, prebuilt.llama));
  copyFileSync(join(built, "tiller.node"), join(target, "tiller.node"));
  const metadata = JSON.parse(readFileSync(join(prebuilt.folder, "_nlcBuildMetadata.json"), "utf8")) as {
    buildOptions: Record<string, unknown>;
  };
  metadata.buildOptions["customCmakeOptions"] = { ...BUILD_OPTION };
  // What was linked on this machine loads on it: else a process of its own tries that before every start, a quarter of a second.
  // A GPU's libraries may still lack their driver, so theirs stay on trial.
  if (prebuilt.variant === "cpu") metadata.buildOptions["platformInfo"] = await platformInfo();
  writeFileSync(join(target, "_nlcBuildMetadata.json"), JSON.stringify(metadata));
  writeFileSync(join(dirname(target), "buildDone.status"), "");
  return target;
}

/** A hard link where the file system allows it: the GPU libraries are hundreds of megabytes. */
function share(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
