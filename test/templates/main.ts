/**
 * `npm run templates`: the chat templates of llama.cpp's source, rendered by our engine and by llama.cpp's own server on the
 * same GGUF, prompts and tokens compared; writes docs/templates.md and the hashes that the engine lane compares with.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { PLAIN_RENDER, type Rendered } from "../../daemon/protocol/engine-api.ts";
import { buildLlamaServer } from "../bench/peer/build.ts";
import { LlamaServer } from "../bench/peer/server.ts";
import { EngineUnderTest } from "../support/engine.ts";
import { REPOSITORY } from "../support/shared.ts";
import { bundledTemplates } from "./bundle.ts";
import { CONVERSATIONS, type Conversation, serverBody } from "./conversations.ts";
import { digest, REFERENCE, type Reference } from "./reference.ts";
import { type Cell, report } from "./report.ts";

type Made = { text: string; tokens: readonly number[] } | { refused: string };

/** @param only names of templates; then nothing is written */
async function main(models: readonly string[], cache: string, only: readonly string[]): Promise<void> {
  const executable = await buildLlamaServer(cache, (line) => process.stderr.write(`${line}\n`));
  const reference: Reference = {};
  const tables: { model: string; rows: { template: string; cells: Cell[] }[] }[] = [];
  for (const path of models) {
    const engine = await EngineUnderTest.load(path);
    const rows: { template: string; cells: Cell[] }[] = [];
    for (const file of bundledTemplates()) {
      const template = basename(file, ".jinja");
      if (only.length > 0 && !only.includes(template)) continue;
      await engine.request("template", { source: readFileSync(file, "utf8") });
      const server = await start(executable, path, file);
      const cells: Cell[] = [];
      for (const conversation of CONVERSATIONS) {
        const theirs = await serverMade(server, conversation);
        cells.push(compare(conversation, await ours(engine, conversation), theirs));
        if (path !== models[0]) continue;
        reference[template] ??= {};
        reference[template][conversation.id] = "refused" in theirs ? { refused: true } : digest(theirs.text, theirs.tokens);
      }
      server?.stop();
      rows.push({ template, cells });
      process.stderr.write(`${basename(path)} ${template}: ${cells.map(({ mark }) => mark).join("")}\n`);
    }
    await engine.stop();
    tables.push({ model: basename(path), rows });
  }
  if (only.length > 0) return;
  writeFileSync(REFERENCE, `${JSON.stringify(reference, null, 1)}\n`);
  writeFileSync(join(REPOSITORY, "docs", "templates.md"), report(tables));
}

async function start(executable: string, path: string, template: string): Promise<LlamaServer | null> {
  const size = { sequences: 1, contextSize: 256, threads: availableParallelism(), controlVector: null };
  try {
    return await LlamaServer.start({ executable, path, ...size, extra: ["--chat-template-file", template, "--no-warmup"] });
  } catch {
    return null;
  }
}

async function serverMade(server: LlamaServer | null, conversation: Conversation): Promise<Made> {
  if (server === null) return { refused: "the server does not start with this template" };
  const made = await post(server, "/apply-template", serverBody(conversation));
  if (typeof made["prompt"] !== "string") return { refused: JSON.stringify(made["error"] ?? made) };
  const { tokens } = await post(server, "/tokenize", { content: made["prompt"], add_special: true, parse_special: true });
  return { text: made["prompt"], tokens: tokens as number[] };
}

async function post(server: LlamaServer, path: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${server.url}${path}`, { method: "POST", body: JSON.stringify(body) });
  return (await response.json()) as Record<string, unknown>;
}

async function ours(engine: EngineUnderTest, { messages, options }: Conversation): Promise<Made & Partial<Pick<Rendered, "renderer">>> {
  try {
    return await engine.request("render", { messages: [...messages], options: { ...PLAIN_RENDER, ...options } });
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}

function compare({ id }: Conversation, mine: Made, theirs: Made): Cell {
  if ("refused" in mine && "refused" in theirs) return { id, mark: "r", reason: null };
  if ("refused" in mine) return { id, mark: id.startsWith("thinking") ? "–" : "x", reason: `refused here: ${mine.refused}` };
  if ("refused" in theirs) return { id, mark: "+", reason: `refused by the server: ${theirs.refused}` };
  if (mine.text !== theirs.text) return { id, mark: "x", reason: `the prompts differ: ${difference(mine.text, theirs.text)}` };
  const same = mine.tokens.length === theirs.tokens.length && mine.tokens.every((token, i) => token === theirs.tokens[i]);
  return same ? { id, mark: "=", reason: null } : { id, mark: "x", reason: "the tokens differ" };
}

function difference(a: string, b: string): string {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return `here ${JSON.stringify(a.slice(at, at + 40))}, there ${JSON.stringify(b.slice(at, at + 40))}`;
}

const [cache, ...models] = process.argv.slice(2);
await main(models, cache!, process.env["TILLER_TEMPLATES"]?.split(",") ?? []);
process.exit(0);
