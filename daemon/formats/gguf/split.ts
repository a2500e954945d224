/**
 * Models in several files, as llama.cpp splits them (`split.no`, `split.count`; names that end in -00001-of-00003.gguf). The
 * first part has the keys, every part has tensors of its own; what is read here is the whole model.
 */
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DEFAULT_LIMITS, type GgufLimits, readGgufFile, type Wanted } from "./read.ts";
import { GgufError, type GgufFile } from "./types.ts";
import { getNumber } from "./values.ts";

export interface ModelParts {
  /** keys of the first part, tensors of all, and the size of all together */
  readonly file: GgufFile;
  readonly parts: readonly { readonly path: string; readonly dataOffset: number }[];
}

const NAME = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/;

/** The files of a model, going by the first one's name; only this one where it is not named as a first part. */
export function partPaths(path: string): string[] {
  const named = NAME.exec(basename(path));
  if (named === null || Number(named[2]) !== 1) return [path];
  return namesOf(named[1]!, Number(named[3])).map((name) => join(dirname(path), name));
}

/** @throws GgufError naming the part that is missing, misnamed or another model's */
export function readModelFile(path: string, limits: GgufLimits = DEFAULT_LIMITS, wanted?: Wanted): ModelParts {
  const first = readGgufFile(path, limits, wanted);
  const count = getNumber(first, "split.count") ?? 0;
  if (count <= 1) return { file: first, parts: [{ path, dataOffset: first.dataOffset }] };
  checkFirst(path, first, count);
  const read = partPaths(path).map((part, index) => ({ path: part, file: index === 0 ? first : readPart(part, index, count, limits) }));
  const tensors = new Map(first.tensors);
  for (const { path: part, file } of read.slice(1)) {
    for (const [name, tensor] of file.tensors) {
      if (tensors.has(name)) throw new GgufError(name, `this tensor is in ${basename(part)} and in an earlier part, too`, 0);
      tensors.set(name, tensor);
    }
  }
  const promised = getNumber(first, "split.tensors.count");
  if (promised !== null && promised !== tensors.size)
    throw new GgufError("split.tensors.count", `the parts hold ${tensors.size} tensors of ${promised}: they belong to different models`, 0);
  const fileSize = read.reduce((sum, { file }) => sum + file.fileSize, 0);
  return {
    file: { ...first, tensors, fileSize },
    parts: read.map(({ path: part, file }) => ({ path: part, dataOffset: file.dataOffset })),
  };
}

function checkFirst(path: string, file: GgufFile, count: number): void {
  const number = getNumber(file, "split.no") ?? 0;
  if (number !== 0) throw new GgufError("split.no", `this is part ${number + 1} of ${count} of a model; give part 1`, 0);
  const named = NAME.exec(basename(path));
  if (named === null || Number(named[2]) !== 1 || Number(named[3]) !== count) {
    const [wanted] = namesOf(named?.[1] ?? basename(path, ".gguf"), count);
    throw new GgufError("split.count", `this is part 1 of ${count} under another name; its parts are found by name, such as ${wanted}`, 0);
  }
}

function readPart(path: string, index: number, count: number, limits: GgufLimits): GgufFile {
  const name = basename(path);
  if (!existsSync(path)) throw new GgufError("split.count", `part ${index + 1} of ${count} is missing: ${name}`, 0);
  const file = readGgufFile(path, limits, () => false);
  const [number, of] = [getNumber(file, "split.no") ?? 0, getNumber(file, "split.count") ?? 0];
  if (number !== index || of !== count)
    throw new GgufError("split.no", `${name} is part ${number + 1} of ${of}, not part ${index + 1} of ${count}: it was renamed`, 0);
  return file;
}

function namesOf(stem: string, count: number): string[] {
  const five = (value: number): string => String(value).padStart(5, "0");
  return Array.from({ length: count }, (_, index) => `${stem}-${five(index + 1)}-of-${five(count)}.gguf`);
}
