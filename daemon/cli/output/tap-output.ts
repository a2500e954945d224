/**
 * `{"tokens":[ids],"logits":[[V] per token],"sites":{"mlp.mid":{"0":[[f] per token],…}},…}`, written row by row: a capture of
 * hundreds of megabytes never becomes one string. Values are the exact decimal expansion of the 32-bit numbers; what JSON
 * cannot say (NaN, infinities) is null.
 */
import type { Result } from "../../protocol/api/index.ts";
import type { Output } from "./output.ts";
import type { Capture, CapturedPart } from "./tap-capture.ts";

export async function writeCapture(output: Output, result: Result<"tap.run">, capture: Capture): Promise<void> {
  const parts = capture.parts();
  await output.write(`{"tokens":${JSON.stringify(result.tokens)}`);
  const logits = parts.find(({ site }) => site === null);
  if (logits !== undefined) {
    await output.write(`,"logits":`);
    await writeRows(output, logits.rows);
  }
  await output.write(`,"sites":{`);
  const names = [...new Set(parts.flatMap(({ site }) => site ?? []))];
  for (const [place, name] of names.entries()) {
    await output.write(`${place === 0 ? "" : ","}${JSON.stringify(name)}:{`);
    await writeLayers(
      output,
      parts.filter(({ site }) => site === name),
    );
    await output.write("}");
  }
  await output.write(`},"texts":${JSON.stringify(result.texts)},"steered":${JSON.stringify(result.steered)}}\n`);
}

async function writeLayers(output: Output, parts: readonly CapturedPart[]): Promise<void> {
  for (const [place, { layer, rows }] of parts.entries()) {
    await output.write(`${place === 0 ? "" : ","}"${layer}":`);
    await writeRows(output, rows);
  }
}

async function writeRows(output: Output, rows: readonly (Float32Array | Uint8Array)[]): Promise<void> {
  for (const [index, row] of rows.entries()) {
    await output.write(`${index === 0 ? "[" : ","}[${Array.from(row, (value) => (Number.isFinite(value) ? value : "null")).join(",")}]`);
  }
  await output.write(rows.length === 0 ? "[]" : "]");
}
