/**
 * What a preset's panel in an editor and the extension say to each other. The text is the source of truth: the panel is shown what
 * stands there, and asks for changes of single entries.
 */
import * as z from "zod";
import type { Acting } from "./evidence.ts";
import { type Scope, STRENGTH_LIMIT } from "./preset.ts";
import type { Receipt } from "./receipt.ts";

const path = z.array(z.string().max(200)).min(1).max(8);
const value = z.union([z.number().finite().min(-1e6).max(1e6), z.string().max(2000), z.boolean(), z.null()]);

export const PanelMessageSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready") }).strict(),
  /** an entry of the text is to be this; null: it is to go */
  z.object({ kind: z.literal("set"), path, value }).strict(),
  /** a slider is being dragged: nothing is written yet, and an answer that is being written follows */
  z
    .object({ kind: z.literal("move"), control: z.string().max(48), strength: z.number().min(-STRENGTH_LIMIT).max(STRENGTH_LIMIT) })
    .strict(),
  z.object({ kind: z.literal("apply") }).strict(),
  z.object({ kind: z.literal("text") }).strict(),
]);
export type PanelMessage = z.infer<typeof PanelMessageSchema>;

export interface PanelControl {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly use: string;
  readonly strength: number;
  readonly range: readonly [number, number];
  readonly scope: Scope;
  /** settings in a line; "": those of the artifact */
  readonly settings: string;
  readonly hold: { readonly probe: string; readonly at: number; readonly by: "floor" | "ceil" } | null;
  /** of these settings, or of others */
  readonly receipt: Receipt | null;
  readonly acting: Acting;
  /** why it cannot act; null: nothing is known against it */
  readonly problem: string | null;
}

export interface PanelGate {
  readonly probe: string;
  readonly condition: string;
}

export interface PanelShown {
  readonly name: string;
  readonly description: string;
  readonly model: string | null;
  readonly controls: readonly PanelControl[];
  readonly gates: readonly PanelGate[];
  /** what is wrong with the text as a whole; what could be read of it is shown all the same */
  readonly problems: readonly string[];
}

export interface PanelUpdate {
  readonly kind: "shown";
  readonly shown: PanelShown;
}
