/** One streamed `/v1/completions` request, the same for our daemon and for llama.cpp's server. */
import { Agent, request } from "node:http";

export interface Completion {
  readonly url: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly token: string | null;
}

/** A connection per request: a kept one may have been closed by the server while the other side was measured. */
const agent = new Agent({ keepAlive: false });

/** Tokens that were read and written. */
export interface Usage {
  readonly prompt: number;
  readonly answer: number;
}

/** @throws Error on any answer that is not a finished stream with usage */
export function stream({ url, body, token }: Completion): Promise<Usage> {
  const payload = JSON.stringify({ ...body, stream: true, stream_options: { include_usage: true } });
  return new Promise((resolve, reject) => {
    const headers = {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(payload),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    };
    const call = request(`${url}/v1/completions`, { method: "POST", headers, agent }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("error", reject);
      response.on("end", () => {
        const [answer, prompt] = ["completion", "prompt"].map((what) => new RegExp(`"${what}_tokens":\\s*(\\d+)`).exec(text)?.[1]);
        if (response.statusCode !== 200 || answer === undefined || prompt === undefined || !text.includes("[DONE]"))
          reject(new Error(`${url} answered ${response.statusCode}: ${text.slice(-500)}`));
        else resolve({ prompt: Number(prompt), answer: Number(answer) });
      });
    });
    call.on("error", reject);
    call.end(payload);
  });
}
