/**
 * What a page may ask before it has a token, or before it shows one: a session for a code, and a proof that this is the daemon that
 * knows its token. Another program may have taken the port while the daemon was down; to it a page must say nothing.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import * as z from "zod";
import { PROOF_PATH, SESSION_PATH } from "../../protocol/version.ts";
import type { Auth } from "./auth.ts";
import { readBody } from "./body.ts";
import { sendJson } from "./http-call.ts";
import type { PageSessions } from "./page-sessions.ts";

const SMALL = { limit: 1024, lenient: false };
const SessionSchema = z.object({ code: z.string().regex(/^[A-Za-z0-9_-]{22}$/) }).strict();
const ProofSchema = z.object({ id: z.string().regex(/^[0-9a-f]{16}$/), nonce: z.string().regex(/^[0-9a-f]{32}$/) }).strict();

/** @returns whether the request was one of these */
export async function answerSignIn(
  path: string,
  { auth, pages }: { readonly auth: Auth; readonly pages: PageSessions },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  if (request.method !== "POST") return false;
  if (path === SESSION_PATH) {
    const { data } = await readBody(request, SessionSchema, SMALL);
    sendJson(response, 200, { token: pages.redeem(data.code) });
    return true;
  }
  if (path !== PROOF_PATH) return false;
  const { data } = await readBody(request, ProofSchema, SMALL);
  sendJson(response, 200, { proof: auth.prove(data.id, data.nonce) });
  return true;
}
