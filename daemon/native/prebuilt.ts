/** The prebuilt ggml libraries that npm installed for this platform, one variant per package of node-llama-cpp. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { nodeLlamaCpp, type Variant } from "./paths.ts";

export interface Prebuilt {
  readonly variant: Variant;
  readonly folder: string;
  /** llama.cpp's release, e.g. v0.5.0 */
  readonly release: string;
  /** file name of its libllama, which is also the name that others ask for */
  readonly llama: string;
  /** file name to link of its libllama-common: llama.cpp's chat templates */
  readonly common: string;
  /** file names of the ggml libraries to link */
  readonly ggml: readonly string[];
}

interface Metadata {
  buildOptions: { platform: string; arch: string; gpu: false | "cuda" | "vulkan" | "metal"; llamaCpp: { release: string } };
}

const PLATFORM: Partial<Record<NodeJS.Platform, string>> = { linux: "linux", darwin: "mac", win32: "win" };

/** The CPU variant first. GPU variants are linked when their package is there; they are not tested on machines without one. */
export function findPrebuilt(): Prebuilt[] {
  const scope = join(nodeLlamaCpp(), "..", "@node-llama-cpp");
  const found: Prebuilt[] = [];
  for (const name of existsSync(scope) ? readdirSync(scope) : []) {
    const bins = join(scope, name, "bins");
    for (const folderName of existsSync(bins) ? readdirSync(bins) : []) {
      const folder = join(bins, folderName);
      const metadata = join(folder, "_nlcBuildMetadata.json");
      if (!existsSync(metadata)) continue;
      const { buildOptions } = JSON.parse(readFileSync(metadata, "utf8")) as Metadata;
      if (buildOptions.platform !== PLATFORM[process.platform] || buildOptions.arch !== process.arch) continue;
      const libraries = readdirSync(folder);
      const llama = libraries.find((file) => /^(lib)?llama\.(?!common).*\.(so|dylib|dll)$/.test(file) && !file.includes("common"));
      const ggml = libraries.filter((file) => /^(lib)?ggml(\.[^-]*|-base)\.(so|dylib|dll|lib)$/.test(file));
      // on Windows the import library stands for it
      const common = libraries
        .filter((file) => /^(lib)?llama-common\.(so|dylib|dll|lib)$/.test(file))
        .sort()
        .at(-1);
      if (llama === undefined || common === undefined || ggml.length < 2 || !existsSync(join(folder, "llama-addon.node"))) continue;
      found.push({
        variant: buildOptions.gpu === false ? "cpu" : buildOptions.gpu,
        folder,
        release: buildOptions.llamaCpp.release,
        llama,
        common,
        ggml,
      });
    }
  }
  found.sort((a, b) => Number(b.variant === "cpu") - Number(a.variant === "cpu"));
  if (found.length === 0) {
    throw new Error(
      `node-llama-cpp has no prebuilt libraries for ${process.platform} ${process.arch} here. Run 'npm install' again without --omit=optional; if it stays so, this platform is not supported.`,
    );
  }
  return found;
}
