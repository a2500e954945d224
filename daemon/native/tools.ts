/** Names what is missing before anything is built, with the line that installs it. */
import { spawnSync } from "node:child_process";

const HOW: Partial<Record<NodeJS.Platform, string>> = {
  linux: "Debian, Ubuntu: apt-get install git cmake g++ make; Fedora: dnf install git cmake gcc-c++ make",
  darwin: "xcode-select --install, and brew install cmake",
  win32: "winget install Git.Git Kitware.CMake Microsoft.VisualStudio.2022.BuildTools (with the C++ workload)",
};

function works(command: string): boolean {
  return spawnSync(command, ["--version"], { stdio: "ignore" }).status === 0;
}

/** @throws Error that says what to install */
export function requireTools(): void {
  const missing = ["git", "cmake"].filter((tool) => !works(tool));
  if (process.platform !== "win32" && ![process.env["CXX"] ?? "c++", "g++", "clang++"].some(works)) missing.push("a C++ compiler");
  // cmake itself is there without what it drives
  if (process.platform !== "win32" && process.env["CMAKE_GENERATOR"] === undefined && !["make", "gmake", "ninja"].some(works))
    missing.push("make");
  if (missing.length === 0) return;
  throw new Error(
    `Tiller builds its native core once, and ${missing.join(" and ")} cannot be found.\nInstall it, then run the command again. ${HOW[process.platform] ?? ""}`,
  );
}
