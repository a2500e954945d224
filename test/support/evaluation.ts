/** Small evaluations of the embedded model, and what is needed to run and follow them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { EvaluationSpec } from "../../daemon/protocol/evaluation.ts";
import { type Receipt, ReceiptSchema } from "../../daemon/protocol/receipt.ts";
import type { TestHome } from "./daemon.ts";
import type { RpcClient, Wire } from "./rpc.ts";

const THINGS = ["bridge", "lamp", "horse", "clock", "letter", "window", "cheese", "beach", "kitchen", "computer"];

export function prompts(count: number): EvaluationSpec["prompts"] {
  const asks = ["Tell me about the {}.", "What do you think of the {}?", "Say something about the {}.", "Do you like the {}?"];
  return Array.from({ length: count }, (_, i) => ({
    language: "en",
    text: asks[Math.floor(i / THINGS.length) % asks.length]!.replace("{}", THINGS[i % THINGS.length]!),
  }));
}

/** Spanish on the shipped direction, few answers. */
export const QUICK_SPEC = {
  tiller: 1,
  title: "Spanish",
  judge: { id: "language", label: "es" },
  strengths: [1.25],
  seeds: 2,
  draws: 8,
  prompts: prompts(6),
  baseline: { en: "Answer in Spanish." },
  sampling: { temperature: 0.8, maxTokens: 40 },
} as const;

/** An experiment as it is asked for over the socket; `model` among its parameters goes where the call wants it. */
export function asked(
  id: string,
  { model, ...params }: { readonly model?: string | undefined } & Readonly<Record<string, unknown>>,
): object {
  return { id, params, ...(model === undefined ? {} : { model }) };
}

export async function ended(client: RpcClient, id: string): Promise<Wire> {
  const isOver = (job: Wire): boolean => job.id === id && ["done", "failed", "cancelled"].includes(job.state);
  const present = await client.call("job.get", { job: id });
  return isOver(present) ? present : client.until(() => client.of("job.changed").find(isOver));
}

/** Runs one evaluation to its receipt. */
export async function measure(client: RpcClient, params: Parameters<typeof asked>[1]): Promise<Receipt> {
  const { id } = await client.call("experiment.start", asked("receipt", params));
  const job = await ended(client, id);
  if (job.state !== "done") throw new Error(`the job ${job.state}: ${job.message}`);
  return ReceiptSchema.parse((await client.call("artifact.get", { id: job.result })).receipts[0] ?? null);
}

/** Arms that a job has finished, as the store holds them; without an id those of the only job that has any. */
export function finishedArms(home: TestHome, id = ""): string[] {
  const folder = home.paths.jobs;
  const part = existsSync(folder) ? readdirSync(folder).find((name) => name.startsWith(id) && name.endsWith(".part.json")) : undefined;
  if (part === undefined) return [];
  const parts = JSON.parse(readFileSync(join(folder, part), "utf8")) as Readonly<Record<string, { readonly arms?: object }>>;
  return Object.values(parts).flatMap(({ arms }) => Object.keys(arms ?? {}));
}

/** Looks again and again at what no message tells. */
export async function until(ready: () => boolean): Promise<void> {
  while (!ready()) await new Promise((resolve) => setTimeout(resolve, 5));
}
