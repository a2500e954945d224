/**
 * What other people's work the package holds: dist/sbom.json (CycloneDX 1.5) and dist/NOTICES.md with every licence's text. It is read
 * from what the bundler has really taken in, and from the folders that are packaged as they are.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup.mjs";

/** Packages that are packaged as files, and what is built into the native core. */
const AS_FILES = ["node-llama-cpp"];

/** @param metafiles esbuild's, of every bundle */
export function writeNotices(metafiles) {
  const inputs = metafiles.flatMap(({ inputs: read }) => Object.keys(read));
  const folders = new Set([...inputs.flatMap(folderOf), ...AS_FILES.map((name) => join("node_modules", name))]);
  const packages = [...folders].map(describe).sort((a, b) => (a.name + a.version < b.name + b.version ? -1 : 1));
  packages.push(llamaCpp());
  const unknown = packages.filter(({ licence }) => licence === "");
  if (unknown.length > 0) throw new Error(`no licence is stated by ${unknown.map(({ name }) => name).join(", ")}`);
  writeFileSync(join(root, "dist", "sbom.json"), `${JSON.stringify(sbom(packages), null, 1)}\n`);
  writeFileSync(join(root, "dist", "NOTICES.md"), notices(packages));
  return packages;
}

/** node_modules/…/node_modules/@scope/name of a file; [] for one of ours */
function folderOf(path) {
  const parts = path.replaceAll("\\", "/").split("/");
  const at = parts.lastIndexOf("node_modules");
  if (at < 0) return [];
  return [parts.slice(0, at + (parts[at + 1].startsWith("@") ? 3 : 2)).join("/")];
}

function describe(folder) {
  const { name, version, license, licenses } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  const stated = license ?? licenses?.[0];
  const licence = typeof stated === "string" ? stated : (stated?.type ?? "");
  const file = readdirSync(join(root, folder)).find((one) => /^(licen[cs]e|copying)(\.|-|$)/i.test(one));
  return { name, version, licence, text: file === undefined ? "" : readFileSync(join(root, folder, file), "utf8").trim() };
}

/** The native core is a build of it, with this repository's patch. */
function llamaCpp() {
  const info = join(root, "node_modules", "node-llama-cpp", "llama", "binariesGithubRelease.json");
  const version = existsSync(info) ? String(JSON.parse(readFileSync(info, "utf8")).release) : "unknown";
  const text =
    "Copyright (c) 2023-2026 The ggml authors\n\nPermission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the “Software”), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:\n\nThe above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.\n\nTHE SOFTWARE IS PROVIDED “AS IS”, WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.";
  return { name: "llama.cpp", version, licence: "MIT", text };
}

function sbom(packages) {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: { component: { type: "application", name: "tiller", version } },
    components: packages.map(({ name, version: of, licence }) => ({
      type: "library",
      name,
      version: of,
      licenses: [/ |\(/.test(licence) ? { expression: licence } : { license: { id: licence } }],
      ...(name === "llama.cpp" ? {} : { purl: `pkg:npm/${name.replace("@", "%40")}@${of}` }),
    })),
  };
}

function notices(packages) {
  const parts = packages.map(
    ({ name, version, licence, text }) =>
      `## ${name} ${version}\n\n${licence}\n\n${text === "" ? "(the package has no licence file)" : `\`\`\`text\n${text}\n\`\`\``}`,
  );
  return `# Notices\n\nTiller holds the work of others, under these licences. The same list for machines is \`sbom.json\`.\n\n${parts.join("\n\n")}\n`;
}
