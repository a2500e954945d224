/** What a schema asks for and no grammar of ours can hold an answer to. */
import { TillerError } from "../../protocol/errors.ts";

export const SCHEMA_FIELD = "jsonSchema";

/** @param path dotted, from the schema's root */
export function refuse(path: string, why: string, suggestion?: string): TillerError {
  return new TillerError("not-supported", `${path} ${why}`, { field: path, suggestion });
}
