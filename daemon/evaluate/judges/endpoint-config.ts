/** The settings of a user's own judge: a chat model behind an OpenAI-compatible address, with a rubric. */
import * as z from "zod";
import { fromZod } from "../../protocol/errors.ts";

/** Ids that are taken: a judge of the user's own under one of them would replace it without a word. */
export const SHIPPED_JUDGES: readonly string[] = ["language", "emotion", "toxicity", "asks-back", "length", "repetition", "fluency"];

export const EndpointJudgeSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "must be 1 to 40 lower-case letters, digits and hyphens")
      .refine((id) => !SHIPPED_JUDGES.includes(id), "is the name of a judge that comes with Tiller; choose another"),
    title: z.string().min(1).max(80).optional(),
    /** the API's base, e.g. `https://api.example.org/v1`; `/chat/completions` is put after it */
    url: z
      .string()
      .max(2000)
      .superRefine((address, context) => {
        const message = addressProblem(address);
        if (message !== null) context.addIssue({ code: "custom", message });
      }),
    model: z.string().min(1).max(200),
    /** what is judged and what each end of the scale means, in the user's words */
    rubric: z.string().min(1).max(8000),
    scale: z.strictObject({ min: z.number().int().min(-1000).max(1000), max: z.number().int().min(-1000).max(1000) }),
    /** name of the environment variable that holds the key; the key itself is never in a file */
    apiKeyEnv: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, "must be the name of an environment variable, not a key")
      .optional(),
    timeoutSeconds: z.number().positive().max(600).default(60),
    /** further tries after a time-out, a refused connection, 429 or 5xx, half a minute in all; and after an answer off the scale, at most 2 */
    retries: z.number().int().min(0).max(10).default(6),
    /** room for the answer: models that reason need some before the number */
    maxTokens: z.number().int().min(1).max(100_000).default(512),
  })
  .refine(({ scale }) => scale.min < scale.max, { path: ["scale"], message: "min must be below max" });

export type EndpointJudgeConfig = z.output<typeof EndpointJudgeSchema>;

/** @throws TillerError naming the field */
export function parseEndpointConfig(value: unknown): EndpointJudgeConfig {
  const parsed = EndpointJudgeSchema.safeParse(value);
  if (!parsed.success) throw fromZod(parsed.error, "invalid-params", "judge");
  return parsed.data;
}

/** Texts and the key travel to this address: encrypted, or no further than this machine. null: it is safe */
function addressProblem(address: string): string | null {
  if (!URL.canParse(address)) return `'${address.slice(0, 80)}' is not an address; write it in full, e.g. https://api.example.org/v1`;
  const url = new URL(address);
  const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback))
    return `${url.protocol}//${url.host} is neither https nor on this machine; use https, or http with 127.0.0.1 or localhost`;
  if (url.username !== "" || url.password !== "")
    return "holds a user name or a password; put the key into an environment variable and name it in apiKeyEnv";
  if (url.search !== "" || url.hash !== "") return "has a query or a fragment; give the base alone, up to /v1";
  return null;
}
