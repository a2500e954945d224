/**
 * Builds llama.cpp's own server from the source bundle inside node-llama-cpp, unmodified, against the prebuilt ggml libraries
 * of the same package: both sides of the comparison compute with the same kernels. Done once per release, then cached.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { nodeLlamaCpp } from "../../../daemon/native/paths.ts";
import { findPrebuilt, type Prebuilt } from "../../../daemon/native/prebuilt.ts";
import { REPOSITORY } from "../../support/shared.ts";

/** No web page, no TLS, no downloads; libllama in the unity build that its CMakeLists.txt asks for. */
const DEFINITIONS = {
  CMAKE_BUILD_TYPE: "Release",
  BUILD_SHARED_LIBS: "ON",
  LLAMA_USE_SYSTEM_GGML: "ON",
  LLAMA_BUILD_IS_DEV: "OFF",
  LLAMA_BUILD_TESTS: "OFF",
  LLAMA_BUILD_EXAMPLES: "OFF",
  LLAMA_BUILD_APP: "OFF",
  LLAMA_BUILD_TOOLS: "ON",
  LLAMA_BUILD_SERVER: "ON",
  LLAMA_BUILD_UI: "OFF",
  LLAMA_USE_PREBUILT_UI: "OFF",
  LLAMA_OPENSSL: "OFF",
  LLAMA_SUBPROCESS: "OFF",
} as const;

/** @returns path of the executable. @throws Error with the end of the failed step's output */
export async function buildLlamaServer(cache: string, note: (line: string) => void): Promise<string> {
  const prebuilt = findPrebuilt().find((one) => one.variant === "cpu");
  if (prebuilt === undefined) throw new Error("node-llama-cpp has no prebuilt CPU libraries here");
  const folder = join(cache, `llama-server-${prebuilt.release}`);
  const executable = join(folder, "build", "bin", process.platform === "win32" ? "llama-server.exe" : "llama-server");
  if (existsSync(join(folder, "done"))) return executable;
  for (const tool of ["git", "cmake"])
    if (spawnSync(tool, ["--version"]).status !== 0) throw new Error(`${tool} is needed to build llama.cpp's server`);
  note("building llama.cpp's server, once: 3 to 10 minutes …");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "build", "bin"), { recursive: true });
  await step("git", ["clone", "-q", join(nodeLlamaCpp(), "llama", "gitRelease.bundle"), join(folder, "source")], folder);
  await step("cmake", configure(folder, prebuilt), folder);
  await step("cmake", ["--build", join(folder, "build"), "--target", "llama-server", "-j", String(availableParallelism())], folder);
  // written last, so that an interrupted build is done again
  mkdirSync(join(folder, "done.new"));
  renameSync(join(folder, "done.new"), join(folder, "done"));
  return executable;
}

function configure(folder: string, { folder: libraries, ggml }: Prebuilt): string[] {
  const bin = join(folder, "build", "bin");
  // ggml looks for its CPU variants beside the executable
  for (const name of readdirSync(libraries)) if (/^(lib)?ggml/.test(name)) symlinkSync(join(libraries, name), join(bin, name));
  const ordered = [...ggml].sort((a, b) => Number(a.includes("base")) - Number(b.includes("base")));
  const given = {
    ...DEFINITIONS,
    ggml_DIR: join(REPOSITORY, "test", "bench", "peer"),
    PEER_GGML_INCLUDE: join(folder, "source", "ggml", "include"),
    PEER_GGML_LIBRARIES: ordered.map((name) => join(bin, name)).join(";"),
  };
  return ["-S", join(folder, "source"), "-B", join(folder, "build"), ...Object.entries(given).map(([name, value]) => `-D${name}=${value}`)];
}

function step(command: string, args: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let tail = "";
    const keep = (chunk: Buffer): void => {
      tail = (tail + chunk.toString()).slice(-4000);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`${command} ${args[0]} ended with ${code}: ${tail}`))));
  });
}
