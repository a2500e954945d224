/** Parameters that many experiments share, with their hints for forms. */
import * as z from "zod";
import { ReplaceSchema } from "../../protocol/artifact.ts";
import { ArtifactIdSchema } from "../../protocol/preset.ts";
import { SITES } from "../../protocol/sites.ts";

/** Of whatever makes an artifact. */
export const making = {
  id: ArtifactIdSchema.meta({ title: "Name", widget: "artifact-id", example: "Formal" }),
  replace: ReplaceSchema.meta({ title: "Replace", advanced: true }),
  title: z.string().max(120).optional().meta({ title: "Title", help: "what its slider is called" }),
  description: z.string().max(2000).optional().meta({ title: "Description", advanced: true }),
};

export const provenance = {
  licence: z.string().max(200).optional().meta({ title: "Licence of the data", advanced: true }),
  source: z.string().max(500).optional().meta({ title: "Source of the data", advanced: true }),
};

export const seed = (what: string) =>
  z.number().int().min(0).max(0xffffffff).default(7).describe(what).meta({ title: "Seed", advanced: true });

export const site = z.enum(SITES).meta({ title: "Site", widget: "site", advanced: true });

/** A file's bytes as text. */
export const base64 = (what: string, accept: string) =>
  z
    .string()
    .max(9_000_000)
    .refine((data) => data.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(data), "not base64")
    .describe(what)
    .meta({ title: "File", widget: "file", accept });

/** About four bytes of English text make a token. */
export function tokensOf(text: string): number {
  return Math.ceil(Buffer.byteLength(text, "utf8") / 4);
}

/** Characters that are tokenised in one turn of an engine: others have theirs between. */
const PIECE = 50_000;

/** A long text cut at ends of lines, where no token is cut; together the pieces are the text. */
export function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  let piece = "";
  for (const line of text.split(/(?<=\n)/)) {
    piece += line;
    if (piece.length < PIECE) continue;
    pieces.push(piece);
    piece = "";
  }
  return piece === "" ? pieces : [...pieces, piece];
}
