/** One question to an OpenAI-compatible chat endpoint, and what can go wrong with it. */
import * as z from "zod";
import { TillerError } from "../../protocol/errors.ts";
import type { EndpointJudgeConfig } from "./endpoint-config.ts";

/** A number and what a model reasons before it need no more; more is not read. */
const MAX_RESPONSE_BYTES = 1024 * 1024;

const ResponseSchema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish() }), finish_reason: z.string().nullish() })).min(1),
});

/** What an endpoint has turned out to take: newer models refuse one name of the limit, some any temperature. */
export interface RequestForm {
  readonly limit: "max_tokens" | "max_completion_tokens";
  readonly temperature: boolean;
}
export const FIRST_FORM: RequestForm = { limit: "max_tokens", temperature: true };

/** The form without what this refusal names; null: it names nothing that could be left out. */
export function otherForm(form: RequestForm, status: number, body: string): RequestForm | null {
  if (status !== 400 && status !== 422) return null;
  if (form.limit === "max_tokens" && /max_(completion_)?tokens/.test(body)) return { ...form, limit: "max_completion_tokens" };
  return form.temperature && body.includes("temperature") ? { ...form, temperature: false } : null;
}

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

export interface Asked {
  readonly text: string;
  /** the form that was taken, for the next question */
  readonly form: RequestForm;
}

/** @throws EndpointFailure, or the signal's reason when the caller cancels */
export async function ask(
  config: EndpointJudgeConfig,
  question: Question,
  key: string | undefined,
  form: RequestForm,
  signal?: AbortSignal,
): Promise<Asked> {
  const limit = AbortSignal.timeout(config.timeoutSeconds * 1000);
  const both = signal === undefined ? limit : AbortSignal.any([limit, signal]);
  try {
    const response = await post(config, question, key, form, both);
    const body = await readBody(response);
    if (response.ok) return { text: content(config, body), form };
    const other = otherForm(form, response.status, body);
    if (other === null) throw refused(config, response, body);
    return await ask(config, question, key, other, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof EndpointFailure) throw error;
    throw unreachable(config, limit.aborted, error);
  }
}

function post(
  config: EndpointJudgeConfig,
  { system, user }: Question,
  key: string | undefined,
  form: RequestForm,
  signal: AbortSignal,
): Promise<Response> {
  return fetch(`${config.url.replace(/\/+$/, "")}/chat/completions`, {
    method: "POST",
    // a redirect could carry the texts and the key to another host
    redirect: "error",
    signal,
    headers: { "content-type": "application/json", ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
    body: JSON.stringify({
      model: config.model,
      messages: [
        { role: "system", content: system },
        { role: "user", content: user },
      ],
      ...(form.temperature ? { temperature: 0 } : {}),
      [form.limit]: config.maxTokens,
    }),
  });
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
  if (parsed.success) {
    const { message, finish_reason } = parsed.data.choices[0]!;
    const text = message.content ?? "";
    // What reasons elsewhere than in its answer, or has not come to its end, leaves no number.
    if (finish_reason === "length" && withoutThoughts(text) === "") throw cutOff(config);
    return text;
  }
  throw new EndpointFailure(
    new TillerError("not-supported", `judge ${config.id}: ${config.url} did not answer in the form of /chat/completions`, {
      field: "judge.url",
      suggestion: "Check that the address is the base of an OpenAI-compatible API; it usually ends in /v1.",
    }),
    false,
  );
}

/** The answer alone; nothing where the thoughts have no end. Some servers leave out the mark where they begin. */
export function withoutThoughts(answer: string): string {
  const end = answer.lastIndexOf("</think>");
  const rest = end < 0 ? answer : answer.slice(end + "</think>".length);
  return rest.replace(/<think>[\s\S]*$/, "").trim();
}

function cutOff({ id, model, maxTokens }: EndpointJudgeConfig): EndpointFailure {
  return new EndpointFailure(
    new TillerError("not-supported", `judge ${id}: ${model} came to no answer within ${maxTokens} tokens`, {
      field: "judge.maxTokens",
      suggestion: "Raise maxTokens, or use a model that reasons less.",
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
  const after = secondsOf(response.headers.get("retry-after"));
  return new EndpointFailure(
    new TillerError(busy ? "overloaded" : "not-supported", what, {
      suggestion: busy ? "Try again later, or raise retries." : "The endpoint does not take this request; read its message.",
    }),
    busy,
    after,
  );
}

/** `Retry-After` is a number of seconds or a date. */
function secondsOf(header: string | null): number {
  const seconds = Number(header ?? 0);
  const until = Number.isFinite(seconds) ? seconds : (Date.parse(header!) - Date.now()) / 1000;
  return Number.isFinite(until) ? Math.max(0, until) : 0;
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
