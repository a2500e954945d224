/** An answer under a preset or a rack, and beside it the one that the same model gives unsteered to the same seed. */
import * as z from "zod";
import type { Answer } from "../../protocol/api/generate.ts";
import { ModelIdSchema } from "../../protocol/api/model.ts";
import { MessageSchema } from "../../protocol/message.ts";
import { SteeringSchema } from "../../protocol/preset.ts";
import { type Calling, tool } from "../tool.ts";

const input = {
  prompt: z.string().min(1).max(400_000).describe("the user's turn"),
  system: z.string().max(20_000).optional().describe("system turn"),
  history: z.array(MessageSchema).max(500).optional().describe("earlier turns, oldest first"),
  model: ModelIdSchema.optional().describe("left out: the default model"),
  preset: SteeringSchema.shape.preset.describe("id of a preset, see list_presets"),
  rack: SteeringSchema.shape.rack.describe("controls of your own, instead of a preset"),
  set: SteeringSchema.shape.set.describe("strengths that replace the preset's, by control; 0 turns one off"),
  maxTokens: z.number().int().min(1).max(32_768).default(512),
  temperature: z.number().min(0).max(5).optional().describe("0 always takes the likeliest token"),
  seed: z.number().int().min(0).max(0xffffffff).optional().describe("same seed, same answer"),
  compare: z.boolean().default(false).describe("also answer unsteered, with the same seed"),
};

export const answer = tool({
  name: "answer",
  title: "Answer, steered",
  description:
    "Asks a local model, steered by a preset or by controls of your own, and says what steered the answer. With `compare` also gives the unsteered answer to the same seed.",
  input,
  readOnly: true,
  run: async (asked, calling) => {
    const { preset, rack, set, compare } = asked;
    const named = preset !== undefined || rack !== undefined;
    const steering =
      named || set !== undefined
        ? { ...(preset === undefined ? {} : { preset }), ...(rack === undefined ? {} : { rack }), ...(set === undefined ? {} : { set }) }
        : undefined;
    // one seed for both
    const seed = asked.seed ?? Math.floor(Math.random() * 0x1_0000_0000);
    const steered = await ask(asked, steering, seed, calling);
    if (!compare) return { ...told(steered), seed };
    return { ...told(steered), seed, plain: told(await ask(asked, undefined, seed, calling)) };
  },
});

type Asked = z.output<z.ZodObject<typeof input>>;

function ask(
  { prompt, system, history = [], model, maxTokens, temperature }: Asked,
  steering: z.infer<typeof SteeringSchema> | undefined,
  seed: number,
  { client, signal, progress }: Calling,
): Promise<Answer> {
  const messages = [
    ...(system === undefined ? [] : [{ role: "system" as const, content: system }]),
    ...history,
    { role: "user" as const, content: prompt },
  ];
  const sampling = { maxTokens, seed, ...(temperature === undefined ? {} : { temperature }) };
  const params = { messages, sampling, ...(model === undefined ? {} : { model }), ...(steering === undefined ? {} : { steering }) };
  let tokens = 0;
  return client.chat(params, { signal, onToken: () => progress(Math.min(1, ++tokens / maxTokens), `${tokens} tokens`) }).result;
}

function told({ text, reasoning, reason, model, steered, tokens }: Answer): object {
  return {
    text,
    ...(reasoning === null ? {} : { reasoning }),
    reason,
    model,
    tokens: tokens.length,
    steered: steered.summary,
    controls: steered.controls.map(({ name, strength, text: how }) => ({ name, strength, how })),
  };
}
