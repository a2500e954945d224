/** What a file is that is not a GGUF, or a GGUF that is not a language model, and what it is good for. */

/** Beginnings of files that people take for models. */
const BEGINNINGS: readonly { readonly is: RegExp | readonly string[]; readonly what: string }[] = [
  {
    is: /^version https:\/\/git-lfs\.github\.com\/spec/,
    what: "this is a Git LFS pointer, a few lines that stand for the model: fetch the file itself with `git lfs pull`, or download it",
  },
  {
    is: /^\s*<(!doctype|html|head|\?xml)/i,
    what: "this is a web page, not a model: the download gave a page, perhaps one that asks to sign in",
  },
  { is: /^\s*[{[]/, what: "this is a JSON file, not a model" },
  {
    is: ["PK\x03\x04"],
    what: "this is a zip archive (PyTorch checkpoints are ones), not a GGUF file: convert it with llama.cpp's convert_hf_to_gguf.py",
  },
  {
    is: ["\x80\x02", "\x80\x03", "\x80\x04", "\x80\x05"],
    what: "this is a Python pickle, not a GGUF file: convert the model with llama.cpp's convert_hf_to_gguf.py",
  },
  { is: /^.{8}\{"/s, what: "this is a safetensors file, not a GGUF file: convert the model with llama.cpp's convert_hf_to_gguf.py" },
  { is: /^(tjgg|fmgg|lmgg)/, what: "this is a GGML file from before 2023-08, which llama.cpp no longer reads: get the model as GGUF" },
  { is: ["\x1f\x8b"], what: "this is compressed with gzip: unpack it first" },
];

/** @param bytes the file's beginning */
export function describeBytes(bytes: Uint8Array): string {
  if (bytes.length === 0) return "this file is empty";
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 512)).toString("latin1");
  const begins = (is: RegExp | readonly string[]): boolean =>
    is instanceof RegExp ? is.test(text) : is.some((start) => text.startsWith(start));
  return BEGINNINGS.find(({ is }) => begins(is))?.what ?? "this is not a GGUF file";
}

/** By `general.type` or `general.architecture`. */
const KINDS: Readonly<Record<string, string>> = {
  adapter: "a LoRA adapter, which changes a model: merge it into its base model (llama.cpp's llama-export-lora) and give that",
  imatrix: "an importance matrix, which helps to quantise a model: give the model itself",
  mmproj: "the eyes or ears of a model (mmproj): give the language model that it belongs to",
  clip: "the eyes or ears of a model (mmproj): give the language model that it belongs to",
  controlvector: "a control vector: take it in with `tiller vector import`",
  vocab: "a vocabulary without a model: give the model itself",
};

/** null: a language model, as far as its kind goes */
export function notAModel(architecture: string, type: string | null): string | null {
  const kind = KINDS[type ?? ""] ?? KINDS[architecture];
  if (kind !== undefined) return `this is not a language model but ${kind}`;
  return type === null || type === "model" ? null : `this is a ${type.slice(0, 40)}, not a language model`;
}
