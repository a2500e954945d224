// Streams a steered answer with nothing but `ws`. Usage:
//   node examples/steered-chat.mjs <preset> <control=strength> <question> [model]
// Address and token come from TILLER_URL and TILLER_TOKEN, else from the daemon's lock file. Calls: docs/reference.md.
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";

const [preset, slider, question, model] = process.argv.slice(2);
const [control, strength] = slider.split("=");
const lock = () => JSON.parse(readFileSync(join(process.env.TILLER_HOME ?? join(homedir(), ".tiller"), "daemon.json"), "utf8"));
const url = process.env.TILLER_URL ?? `http://${lock().host}:${lock().port}`;
const token = process.env.TILLER_TOKEN ?? lock().token;

const socket = new WebSocket(`${url.replace(/^http/, "ws")}/ws`, ["tiller.v1", `tiller.token.${token}`]);
const waiting = new Map();
const call = (method, params) =>
  new Promise((resolve, reject) => {
    const id = waiting.size + 1;
    waiting.set(id, { resolve, reject });
    socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
  });
socket.on("message", (data) => {
  const { id, method, params, result, error } = JSON.parse(data);
  if (method === "generate.token") process.stdout.write(params.tokens.map((t) => t.text).join(""));
  else if (error) waiting.get(id).reject(new Error(error.message));
  else if (id) waiting.get(id).resolve(result);
});
await new Promise((open, fail) => socket.on("open", open).on("error", fail));
await call("daemon.hello", { protocol: 1, client: { name: "example", version: "1" } });
const steering = { preset, set: { [control]: Number(strength) } };
const messages = [{ role: "user", content: question }];
const answer = await call("generate.chat", { model, stream: "one", messages, steering, sampling: { maxTokens: 60, seed: 1 } });
console.log(`\n[${answer.steered.summary}]`);
socket.close();
