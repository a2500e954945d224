/**
 * `config.json` in the store: limits of the daemon, every key optional. An unknown key or a value out of range is an error at
 * start, so that a limit someone believes in is a limit that holds.
 */
import { readFileSync } from "node:fs";
import * as z from "zod";
import { EndpointJudgeSchema } from "../evaluate/judges/endpoint-config.ts";
import type { Limits } from "../protocol/api/daemon.ts";
import { fromZod, TillerError } from "../protocol/errors.ts";

const MB = 1024 * 1024;

export const LimitsConfigSchema = z
  .object({
    messageBytes: z
      .number()
      .int()
      .min(1024)
      .max(256 * MB)
      .default(10 * MB)
      .describe("largest message or HTTP body that is read"),
    connections: z
      .number()
      .int()
      .min(1)
      .max(10_000)
      .default(256)
      .describe("sockets at once that have shown a token, WebSocket and HTTP together; the owner may have 32 more"),
    connectionsPerToken: z.number().int().min(1).max(10_000).default(128).describe("of these, sockets of one app's token"),
    queue: z.number().int().min(0).max(100_000).default(256).describe("answers waiting per model, beyond those that run"),
    queuePerToken: z.number().int().min(1).max(100_000).default(128).describe("answers of one app's token per model, running or waiting"),
    bufferedBytes: z
      .number()
      .int()
      .min(64 * 1024)
      .max(1024 * MB)
      .default(16 * MB)
      .describe("unsent bytes kept for one client before it is disconnected"),
    pauseBytes: z
      .number()
      .int()
      .min(1024)
      .max(256 * MB)
      .default(1 * MB)
      .describe("unsent bytes in the socket above which a client's tokens wait and its live frames are dropped"),
    stuckSeconds: z
      .number()
      .min(0.1)
      .max(3600)
      .default(30)
      .describe("a client that reads nothing for so long while something waits for it is disconnected"),
    idleSeconds: z.number().min(1).max(3600).default(30).describe("a socket that does not answer a ping within this is closed"),
    handshakeSeconds: z
      .number()
      .min(0.1)
      .max(600)
      .default(30)
      .describe("from the connection to `daemon.hello`, and for an HTTP request to arrive"),
    requestsPerClient: z.number().int().min(1).max(10_000).default(64).describe("requests of one client that run at once"),
    captureBytes: z
      .number()
      .int()
      .min(MB)
      .max(16_384 * MB)
      .default(512 * MB)
      .describe("result of one `tap.run`"),
    gradientsPerToken: z.number().int().min(1).max(1000).default(4).describe("`gradient.run` of one token that run or wait at once"),
    presets: z.number().int().min(0).max(10_000).default(300).describe("presets of the user's own"),
    artifacts: z.number().int().min(0).max(10_000).default(300).describe("artifacts of the user's own"),
    artifactBytes: z
      .number()
      .int()
      .min(0)
      .default(4096 * MB)
      .describe("size of all artifacts of the user's own together"),
    downloadBytes: z
      .number()
      .int()
      .min(MB)
      .max(1_000_000 * MB)
      .default(65_536 * MB)
      .describe("largest file that model.download fetches"),
    drainSeconds: z.number().min(0).max(600).default(5).describe("running answers get so long to end after SIGTERM"),
  })
  .strict();

export const EngineConfigSchema = z
  .object({
    heapMegabytes: z.number().int().min(64).max(65_536).default(4096).describe("JavaScript heap of an engine, in megabytes"),
    memoryBytes: z
      .number()
      .int()
      .min(0)
      .default(0)
      .describe(
        "resident memory above which an engine is ended; 0: twice what its model is estimated to take and 4 GB, at most 95% of the machine's",
      ),
    models: z
      .number()
      .int()
      .min(0)
      .max(1000)
      .default(0)
      .describe(
        "models that may be loaded at once; 0: as many as there is memory for. Where one more is asked for, those that nothing uses make way, the one used longest ago first",
      ),
    loadSeconds: z.number().min(1).max(86_400).default(900).describe("loading must end within this"),
    hangSeconds: z
      .number()
      .min(1)
      .max(3600)
      .default(60)
      .describe("an engine that has work and says nothing for so long hangs, and is ended"),
    cancelSeconds: z
      .number()
      .min(1)
      .max(3600)
      .default(15)
      .describe("an engine that takes no notice of a cancelled answer for so long is ended"),
    restartSeconds: z.number().min(0.01).max(60).default(0.25).describe("after a crash: the first wait, doubled each time"),
    restartMaxSeconds: z.number().min(0.01).max(3600).default(60).describe("… up to this wait"),
    restartLimit: z
      .number()
      .int()
      .min(0)
      .max(1000)
      .default(5)
      .describe("crashes in a row after which an engine is only started again by a request"),
  })
  .strict();

export const ConfigSchema = z
  .object({
    limits: LimitsConfigSchema.prefault({}),
    engine: EngineConfigSchema.prefault({}),
    origins: z
      .array(
        z
          .string()
          .regex(/^(?!file:|data:|blob:|javascript:)[a-z][a-z0-9+.-]*:\/\/[^/\s?#@*]+$/, "must look like http://host:port or app://name"),
      )
      .max(64)
      .default([])
      .describe(
        "further origins whose pages may connect (with a token), such as `http://localhost:5173`, `app://obsidian.md`, `tauri://localhost` or `vscode-webview://…`; exact",
      ),
    hosts: z
      .array(z.string().regex(/^[^/\s]+$/, "must look like name:port"))
      .max(64)
      .default([])
      .describe("further names in the Host header, e.g. `box.example:8443` of a tunnel; exact"),
    lenient: z
      .boolean()
      .default(false)
      .describe(
        "HTTP bodies: unknown keys are left out and named in the answer's `ignored`, instead of refused; the header `X-Tiller-Lenient: true` says so for one request",
      ),
    judges: z
      .array(EndpointJudgeSchema)
      .max(32)
      .superRefine((judges, context) => {
        const again = judges.findIndex(({ id }, index) => judges.findIndex((other) => other.id === id) < index);
        if (again >= 0) context.addIssue({ code: "custom", path: [again, "id"], message: "another judge has this name already" });
      })
      .default([])
      .describe("judges of your own: chat models with a rubric, for evaluations"),
  })
  .strict();
export type Config = z.infer<typeof ConfigSchema>;

export function loadConfig(path: string): Config {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return ConfigSchema.parse({});
    throw new TillerError("storage-failed", `config.json cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown"})`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new TillerError("invalid-params", "config.json is not JSON", { field: "config" });
  }
  const parsed = ConfigSchema.safeParse(value);
  if (!parsed.success) throw fromZod(parsed.error, "invalid-params", "config");
  return parsed.data;
}

/** The part of the limits that clients are told. */
export function publicLimits({ limits }: Config): Limits {
  const { messageBytes, connections, queue, bufferedBytes, idleSeconds, handshakeSeconds, requestsPerClient } = limits;
  return { messageBytes, connections, queue, bufferedBytes, idleSeconds, handshakeSeconds, requestsPerClient };
}
