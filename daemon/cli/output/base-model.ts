/** A base model continues text; it was never taught to answer. Who chats with one is told, once, before the first answer. */
import type { TillerClient } from "../../client/client.ts";

/** What to know about a conversation with this model; null when it has a chat template. @param id undefined: the embedded model */
export async function baseModelNote(client: TillerClient, id: string | undefined): Promise<string | null> {
  if (id === undefined) return null;
  const model = (await client.call("model.list", {})).models.find((candidate) => candidate.id === id);
  if (model?.hasChatTemplate !== false) return null;
  return `${model.name} has no chat template, so it is probably a base model, which continues text: plain turns (User: …, Assistant: …) stand in for one. \`tiller run --raw\` continues your text as it is.`;
}
