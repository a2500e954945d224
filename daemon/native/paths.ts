/** Where the rebuilt library and the addon are, and the options under which node-llama-cpp finds them. No side effects. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The custom CMake option that names our build in node-llama-cpp's own scheme. */
export const BUILD_OPTION = { TILLER: "1" } as const;

export const VARIANTS = ["cuda", "vulkan", "metal", "cpu"] as const;
export type Variant = (typeof VARIANTS)[number];

/** The checkout or package root: the nearest folder above that holds package.json (out/ mirrors the tree). */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error("package.json of Tiller was not found");
    folder = parent;
  }
  return folder;
}

export function nodeLlamaCpp(): string {
  return dirname(dirname(createRequire(import.meta.url).resolve("node-llama-cpp")));
}

/** node-llama-cpp's folder for a build of ours, e.g. llama/localBuilds/linux-x64-<hash>/Release. */
export async function buildFolder(variant: Variant): Promise<string> {
  const root = nodeLlamaCpp();
  const util = (name: string): string => pathToFileURL(join(root, "dist", "bindings", "utils", name)).href;
  const { getBuildFolderNameForBuildOptions } = (await import(util("getBuildFolderNameForBuildOptions.js"))) as {
    getBuildFolderNameForBuildOptions: (options: object) => Promise<{ withCustomCmakeOptions: string }>;
  };
  const { getPlatform } = (await import(util("getPlatform.js"))) as { getPlatform: () => string };
  const { builtinLlamaCppRelease } = (await import(util("binariesGithubRelease.js"))) as { builtinLlamaCppRelease: string };
  const { builtinLlamaCppGitHubRepo } = (await import(pathToFileURL(join(root, "dist", "config.js")).href)) as {
    builtinLlamaCppGitHubRepo: string;
  };
  const name = await getBuildFolderNameForBuildOptions({
    platform: getPlatform(),
    arch: process.arch,
    gpu: variant === "cpu" ? false : variant,
    llamaCpp: { repo: builtinLlamaCppGitHubRepo, release: builtinLlamaCppRelease },
    customCmakeOptions: new Map(Object.entries(BUILD_OPTION)),
  });
  return join(root, "llama", "localBuilds", name.withCustomCmakeOptions, "Release");
}

/** Name and version of the operating system, as node-llama-cpp compares them. */
export async function platformInfo(): Promise<object> {
  const util = pathToFileURL(join(nodeLlamaCpp(), "dist", "bindings", "utils", "getPlatformInfo.js")).href;
  return ((await import(util)) as { getPlatformInfo: () => Promise<object> }).getPlatformInfo();
}

/**
 * What `npm run build:native` leaves behind last: which sources it built, and the folder of each variant, seen from the file
 * that says so. Reckoning such a folder's name takes a part of node-llama-cpp that nothing else needs.
 */
export interface Installed {
  readonly stamp: string;
  readonly folders: Readonly<Partial<Record<Variant, string>>>;
}

export function installedFile(): string {
  return join(nodeLlamaCpp(), "llama", "localBuilds", "tiller.json");
}

/** null: nothing was built, or not to the end */
export function installed(): Installed | null {
  try {
    return JSON.parse(readFileSync(installedFile(), "utf8")) as Installed;
  } catch {
    return null;
  }
}

/** The addon linked to the libllama of this variant. @throws Error when it was not built */
export function addonPath(variant: Variant): string {
  const folder = installed()?.folders[variant];
  if (folder === undefined) throw new Error(`the native core for ${variant} is not built; run 'npm run build:native'`);
  return join(dirname(installedFile()), folder, "tiller.node");
}

export interface LlamaOptions {
  readonly build: "never";
  readonly cmakeOptions: Record<string, string>;
  readonly usePrebuiltBinaries: false;
  readonly gpu: "auto" | false;
  readonly skipDownload: true;
  readonly progressLogs: false;
}

/** What `getLlama` must be given so that it takes our build and neither downloads nor compiles anything. */
export function llamaOptions(gpuLayers: number | "auto"): LlamaOptions {
  return {
    build: "never",
    cmakeOptions: { ...BUILD_OPTION },
    usePrebuiltBinaries: false,
    gpu: gpuLayers === 0 ? false : "auto",
    skipDownload: true,
    progressLogs: false,
  };
}
