/** Running the answers of one HTTP request: a client of its own in the sessions, ended when the connection closes. */
import { randomBytes } from "node:crypto";
import type { Answer, Token } from "../../protocol/api/generate.ts";
import type { NotificationParams } from "../../protocol/api/index.ts";
import type { Steering } from "../../protocol/preset.ts";
import type { StoredModel } from "../../store/models.ts";
import type { AnswerParams } from "../answers/sessions.ts";
import { clientId, requireScope } from "../transport/auth.ts";
import type { HttpCall } from "../transport/http-call.ts";

export interface Target {
  readonly model: StoredModel;
  readonly steering: Steering | undefined;
}

/** What is asked of the model, without what `Target` says. */
type Asked<T> = T extends unknown ? Omit<T, "stream" | "model" | "steering"> : never;
export type AnswerRequest = Asked<AnswerParams>;

export interface AnswerEvents {
  started?(which: number, start: NotificationParams<"generate.start">): void;
  tokens(which: number, tokens: Token[]): void;
}

const streamOf = (which: number): string => `answer-${which}`;

/** In the order of the requests, at once as far as there is room. The first failure ends them all. @throws TillerError */
export async function runAnswers(
  { context, identity, request, response }: HttpCall,
  { model, steering }: Target,
  asked: readonly AnswerRequest[],
  events: AnswerEvents,
): Promise<Answer[]> {
  requireScope(identity, "generate", "this route");
  const client = clientId(identity, `http-${randomBytes(8).toString("hex")}`);
  const gone = (): void => context.sessions.cancelAll(client);
  response.once("close", gone);
  if (request.destroyed && response.destroyed) gone();
  try {
    return await Promise.all(
      asked.map((one, which) => {
        const params = { stream: streamOf(which), ...one, ...(steering === undefined ? {} : { steering }) } as AnswerParams;
        return context.sessions.run(client, params, model, {
          start: (start) => events.started?.(which, start),
          tokens: (_stream, tokens) => events.tokens(which, tokens),
          steering: () => undefined,
          end: () => undefined,
        });
      }),
    );
  } catch (error) {
    gone();
    throw error;
  } finally {
    response.off("close", gone);
  }
}
