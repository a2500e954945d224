/** One question to an OpenAI-compatible chat endpoint, and what can go wrong with it. */
import * as z from "zod";
import { TillerError } from "../../protocol/errors.ts";
import type { EndpointJudgeConfig } from "./endpoint-config.ts";

/** An answer of a few characters needs no more; more is not read. */
const MAX_RESPONSE_BYTES = 1024 * 1024;
/** Room for a number, and for models that open with white space or a word that is then refused by name. */
export const MAX_ANSWER_TOKENS = 16;

const ResponseSchema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1),
});

/** `again` says whether the same question may fare better later, `after` in how many seconds at the earliest. */
export class EndpointFailure extends Error {
  readonly error: TillerError;
  readonly again: boolean;
  readonly after: number;

  constructor(error: TillerError, again: boolean, after = 0) {
    super(error.message);
    this.name = "EndpointFailure";
    this.error = error;
    this.again = again;
    this.after = after;
  }
}

export interface Question {
  readonly system: string;
  readonly user: string;
}

/** @returns the answer's text; @throws EndpointFailure, or the signal's reason when the caller cancels */
export async function ask(config: EndpointJudgeConfig, question: Question, key: string | undefined, signal?: AbortSignal): Promise<string> {
  const url = `${config.url.replace(/\/+$/, "")}/chat/completions`;
  const limit = AbortSignal.timeout(config.timeoutSeconds * 1000);
  try {
    const response = await fetch(url, {
      method: "POST",
      // a redirect could carry the texts and the key to another host
      redirect: "error",
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
      headers: { "content-type": "application/json", ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
      body: JSON.stringify({
        model: config.model,
        messages: [
          { role: "system", content: question.system },
          { role: "user", content: question.user },
        ],
        temperature: 0,
        max_tokens: MAX_ANSWER_TOKENS,
      }),
    });
    const body = await readBody(response);
    if (!response.ok) throw refused(config, response, body);
    return content(config, body);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof EndpointFailure) throw error;
    throw unreachable(config, limit.aborted, error);
  }
}

async function readBody(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > MAX_RESPONSE_BYTES) break;
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function content(config: EndpointJudgeConfig, body: string): string {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    value = undefined;
  }
  const parsed = ResponseSchema.safeParse(value);
  if (parsed.success) return parsed.data.choices[0]!.message.content;
  throw new EndpointFailure(
    new TillerError("not-supported", `judge ${config.id}: ${config.url} did not answer in the form of /chat/completions`, {
      field: "judge.url",
      suggestion: "Check that the address is the base of an OpenAI-compatible API; it usually ends in /v1.",
    }),
    false,
  );
}

function refused(config: EndpointJudgeConfig, response: Response, body: string): EndpointFailure {
  const said = body.replace(/\s+/g, " ").slice(0, 200);
  const what = `judge ${config.id}: ${config.url} answered ${response.status}${said === "" ? "" : ` (${said})`}`;
  if (response.status === 401 || response.status === 403)
    return new EndpointFailure(
      new TillerError("unauthorised", what, {
        field: "judge.apiKeyEnv",
        suggestion:
          config.apiKeyEnv === undefined
            ? "Put the key into an environment variable and name it in apiKeyEnv."
            : `Check the key in the environment variable ${config.apiKeyEnv}.`,
      }),
      false,
    );
  if (response.status === 404)
    return new EndpointFailure(
      new TillerError("not-found", what, { field: "judge.model", suggestion: `Check the address and the model's name '${config.model}'.` }),
      false,
    );
  const busy = response.status === 408 || response.status === 429 || response.status >= 500;
  const after = Number(response.headers.get("retry-after") ?? 0);
  return new EndpointFailure(
    new TillerError(busy ? "overloaded" : "not-supported", what, {
      suggestion: busy ? "Try again later, or raise retries." : "The endpoint does not take this request; read its message.",
    }),
    busy,
    Number.isFinite(after) ? after : 0,
  );
}

function unreachable(config: EndpointJudgeConfig, late: boolean, error: unknown): EndpointFailure {
  const cause = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
  const what = late ? `gave no answer within ${config.timeoutSeconds} s` : `cannot be reached (${cause})`;
  return new EndpointFailure(
    new TillerError("overloaded", `judge ${config.id}: ${config.url} ${what}`, {
      field: late ? "judge.timeoutSeconds" : "judge.url",
      suggestion: late ? "Raise timeoutSeconds, or use a faster model." : "Check that the server runs and that the address is right.",
    }),
    true,
  );
}
