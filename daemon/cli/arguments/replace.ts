/** `--replace`, of the commands that make an artifact under a name that may be taken. */
import { ClientError } from "../../client/error.ts";

export const REPLACE = ["--replace", "replace the direction of that name, if there is one"] as const;

/** The daemon's advice in the command line's words. */
export async function orReplace<T>(making: Promise<T>): Promise<T> {
  try {
    return await making;
  } catch (error) {
    if (!(error instanceof ClientError) || error.code !== "conflict" || error.detail.field !== "id") throw error;
    const suggestion = error.detail.suggestion?.replace("say `replace: true`", "add --replace to replace it");
    throw new ClientError(error.code, error.message, { ...error.detail, suggestion });
  }
}
