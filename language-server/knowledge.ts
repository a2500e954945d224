/** What presets are checked against beside their own language: methods, artifacts with their receipts, and models. */
import * as z from "zod";
import { MethodEntrySchema } from "../daemon/protocol/api/experiment.ts";
import { ArtifactEntrySchema, type Problem } from "../daemon/protocol/api/library.ts";
import { type Model, ModelSchema } from "../daemon/protocol/api/model.ts";

export const KnownSchema = z.object({
  methods: z.array(MethodEntrySchema),
  artifacts: z.array(ArtifactEntrySchema),
  models: z.array(ModelSchema),
  defaultModel: z.string().nullable(),
});
export type Known = z.infer<typeof KnownSchema>;

export interface Knowledge {
  /** null: no daemon was ever asked */
  readonly known: Known | null;
  /** a daemon runs and `known` is what it says now; false: it is what one said before */
  readonly live: boolean;
  /** what the daemon's own compiler says of a preset's text on this model; null: none runs */
  check(text: string, model: string | undefined): Promise<readonly Problem[] | null>;
  onChange(listener: () => void): void;
  dispose(): void;
}

/** Of an editor that talks to no daemon and never did: the language alone. */
export const NOTHING_KNOWN: Knowledge = {
  known: null,
  live: false,
  check: async () => null,
  onChange: () => undefined,
  dispose: () => undefined,
};

/** The model that a preset is meant for: the one that it names, else the one that is loaded, else the default. */
export function modelOf(known: Known | null, fingerprint: string | undefined): Model | null {
  if (known === null) return null;
  const named = known.models.find((model) => model.fingerprint === fingerprint);
  if (named !== undefined) return named;
  const preferred = known.models.find(({ id }) => id === known.defaultModel);
  const loaded = known.models.filter(({ state }) => state === "loaded");
  return loaded.find((model) => model === preferred) ?? loaded[0] ?? preferred ?? null;
}
