/** `daemon.*`: handshake, status, tokens of other apps, shutdown. */
import * as z from "zod";
import { method, notification, TOKEN_SCOPES } from "./table.ts";

export const TokenScopeSchema = z.enum(TOKEN_SCOPES);

export const LimitsSchema = z.object({
  messageBytes: z.number().int(),
  connections: z.number().int(),
  queue: z.number().int(),
  bufferedBytes: z.number().int(),
  idleSeconds: z.number(),
  handshakeSeconds: z.number(),
  requestsPerClient: z.number().int(),
});
export type Limits = z.infer<typeof LimitsSchema>;

export const TokenEntrySchema = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(TokenScopeSchema),
  created: z.string(),
  lastUsed: z.string().nullable(),
});

export const daemonMethods = {
  "daemon.hello": method(
    null,
    "The first call on a connection. Every other call before it is refused.",
    z.object({ protocol: z.number().int(), client: z.object({ name: z.string().max(80), version: z.string().max(40) }).strict() }).strict(),
    z.object({
      protocol: z.number().int(),
      version: z.string(),
      scopes: z.array(TokenScopeSchema),
      limits: LimitsSchema,
      defaultModel: z.string().nullable(),
    }),
  ),
  "daemon.status": method(
    null,
    "What runs.",
    z.object({}).strict(),
    z.object({
      version: z.string(),
      pid: z.number().int(),
      uptimeSeconds: z.number(),
      clients: z.number().int(),
      running: z.number().int(),
      queued: z.number().int(),
      loaded: z.array(z.string()),
      threads: z
        .array(z.object({ model: z.string(), now: z.number().int(), idle: z.number().int() }))
        .describe("of models that have answered: threads that compute an answer, and that would on an idle machine"),
    }),
  ),
  "daemon.stop": method("admin", "Drains and ends the daemon.", z.object({}).strict(), z.object({ stopping: z.literal(true) })),
  "daemon.pageCode": method(
    "admin",
    "A code that opens the page once: its address is the daemon's with `/#code=` and the code.",
    z.object({}).strict(),
    z.object({ code: z.string(), seconds: z.number().int().describe("how long it can be used") }),
  ),
  "daemon.token.create": method(
    "admin",
    "A token for another app; shown once.",
    z.object({ name: z.string().min(1).max(80), scopes: z.array(TokenScopeSchema).min(1).max(TOKEN_SCOPES.length) }).strict(),
    z.object({ entry: TokenEntrySchema, token: z.string() }),
  ),
  "daemon.token.revoke": method(
    "admin",
    "Ends a token and closes its connections.",
    z.object({ id: z.string().max(64) }).strict(),
    z.object({ revoked: z.boolean() }),
  ),
  "daemon.token.list": method(
    "admin",
    "Tokens, without their secrets.",
    z.object({}).strict(),
    z.object({ tokens: z.array(TokenEntrySchema) }),
  ),
} as const;

export const daemonNotifications = {
  "daemon.stopping": notification("The daemon is draining; connect again later.", z.object({ reason: z.string() })),
} as const;
