import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { entry, type GgufEntry, readGgufFile, writeGguf } from "../../../daemon/formats/gguf/index.ts";

/** As llama.cpp's gguf-split does: keys in the first part, tensors over all. */
export function splitModel(path: string, folder: string, stem: string, count: number): string[] {
  const file = readGgufFile(path);
  const bytes = readFileSync(path);
  const all = [...file.tensors.values()];
  const each = Math.ceil(all.length / count);
  const u16 = (value: number): GgufEntry => ({ type: "uint16", value });
  mkdirSync(folder, { recursive: true });
  return Array.from({ length: count }, (_, index) => {
    const five = (value: number): string => String(value).padStart(5, "0");
    const part = join(folder, `${stem}-${five(index + 1)}-of-${five(count)}.gguf`);
    const own: [string, GgufEntry][] = [
      ["split.no", u16(index)],
      ["split.count", u16(count)],
      ["split.tensors.count", entry.i32(all.length)],
    ];
    writeGguf(part, {
      metadata: [...(index === 0 ? file.metadata : []), ...own],
      tensors: all.slice(index * each, (index + 1) * each).map((tensor) => ({
        name: tensor.name,
        shape: tensor.shape,
        type: tensor.type.name as "F32",
        data: new Uint8Array(bytes.subarray(tensor.offset, tensor.offset + tensor.bytes)),
      })),
    });
    return part;
  });
}
