/** Texts of several languages as experiments are given them, and as windows of tokens. */
import * as z from "zod";
import { TillerError } from "../../protocol/errors.ts";
import type { Lab } from "../contract.ts";
import { windowsOf } from "../shared/counts.ts";
import { piecesOf } from "../shared/params.ts";
import { CODE } from "./languages.ts";

export const CorporaSchema = z
  .record(z.string().regex(CODE, "must be a language's code, such as es or zh-tw"), z.string().min(1).max(8_000_000))
  .refine((corpora) => Object.keys(corpora).length >= 2, "at least two languages are needed")
  .refine((corpora) => Object.keys(corpora).length <= 200, "at most 200 languages");
export type Corpora = z.infer<typeof CorporaSchema>;

export const corporaField = (what: string) =>
  CorporaSchema.describe(what).meta({ title: "Text in each language", widget: "corpora", example: "es" });

/** As the published code does: the stream without special tokens, in full windows; what is left at its end is not read. */
export async function languageWindows(
  code: string,
  text: string,
  { window, most }: { readonly window: number; readonly most: number },
  lab: Pick<Lab, "encode">,
): Promise<Int32Array[]> {
  const windows = windowsOf(await lab.encode(piecesOf(text)), window, false).slice(0, Math.floor(most / window));
  if (windows.length >= FEWEST_WINDOWS) return windows;
  throw new TillerError("invalid-params", `corpora.${code}: its text fills ${windows.length} windows of ${window} tokens`, {
    field: `corpora.${code}`,
    suggestion: `Give more text or a smaller window: at least ${FEWEST_WINDOWS} are needed, and stable sets want hundreds.`,
  });
}

/** A quarter of them is looked at by itself. */
const FEWEST_WINDOWS = 4;
