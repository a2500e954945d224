/** Layout of binary messages. */
import { section } from "../markdown.ts";

export function frames(): string {
  return section(
    2,
    "Binary frames",
    `Activations come as binary WebSocket messages, one frame each, little-endian:

| offset | bytes | what |
|---|---|---|
| 0 | 4 | \`TLF1\` |
| 4 | 4 | H, length of the header in bytes, unsigned |
| 8 | H | [FrameHeader](#frameheader) as UTF-8 JSON, padded with spaces so that the body starts at a multiple of 4 |
| 8+H | … | body: \`rows\` × the sum of \`widths\` values, row by row, in each row the layers in the order of \`layers\` |

Values are 32-bit floats (\`encoding\` \`f32\`), or bytes (\`u8\`): then the value is byte / 255 × \`scales\` of its layer, without its
sign. \`kind\` is \`logits\` (site null, one layer, V wide) or \`site\` for [\`tap.run\`](#taprun), whose frames all come before its
result, split by rows when they are large, as do those of [\`gradient.run\`](#gradientrun), \`gradient\`, \`site\` or \`product\`; and \`live\` for [\`tap.subscribe\`](#tapsubscribe), one row for the token \`firstToken\` of
the answer. Live frames are dropped when a client is slow, so the next one may be some tokens later.

\`\`\`js
const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
const bodyAt = 8 + view.getUint32(4, true);
const header = JSON.parse(new TextDecoder().decode(data.subarray(8, bodyAt)));
const body = Uint8Array.from(data.subarray(bodyAt)); // a copy, aligned for Float32Array
const values = header.encoding === "f32" ? new Float32Array(body.buffer) : body;
\`\`\``,
  );
}
