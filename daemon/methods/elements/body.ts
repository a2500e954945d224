/**
 * What an `elements/…` artifact holds: groups of chosen elements (neurons, heads, coordinates), each at one site and layer.
 * Tensors of group i: `indices.i` [n] and `values.i` [n].
 */
import * as z from "zod";
import type { LoadedArtifact } from "../../compiler/types.ts";
import type { Artifact } from "../../protocol/artifact.ts";
import { TillerError } from "../../protocol/errors.ts";
import { SCOPES } from "../../protocol/preset.ts";
import { SITES } from "../../protocol/sites.ts";

export const ELEMENT_MODES = {
  add: "adds the values; 1 adds them as they are written",
  scale: "multiplies by the values; 1 multiplies by them, 0.5 goes half of the way there from 1",
  replace: "puts the values in their place; 0.5 goes half of the way there",
} as const;
export type ElementMode = keyof typeof ELEMENT_MODES;

export const GroupSchema = z
  .object({
    site: z.enum(SITES),
    layer: z.number().int().min(0).max(1023),
    mode: z.enum(Object.keys(ELEMENT_MODES) as [ElementMode, ...ElementMode[]]),
    scope: z.enum(SCOPES).describe("where the group acts; a control's own scope limits it further"),
    count: z.number().int().min(1),
  })
  .strict();

export const ElementsBodySchema = z.object({ groups: z.array(GroupSchema).min(1).max(1024) }).strict();
export type ElementsBody = z.infer<typeof ElementsBodySchema>;

export interface Group extends z.infer<typeof GroupSchema> {
  readonly indices: Int32Array;
  readonly values: Float32Array;
  /** as many zeros: what is left of elements that are replaced */
  readonly zeros: Float32Array;
}

/** The store has checked it. */
export function bodyOf(artifact: Pick<Artifact, "body">): ElementsBody {
  return artifact.body as ElementsBody;
}

const known = new WeakMap<LoadedArtifact, readonly Group[]>();

/** The same arrays each time, so that they need to be hashed, checked and sent only once. @throws TillerError bad-artifact */
export function groupsOf(artifact: LoadedArtifact): readonly Group[] {
  const present = known.get(artifact);
  if (present !== undefined) return present;
  const groups = bodyOf(artifact.meta).groups.map((group, index): Group => {
    const [indices, values] = [artifact.tensors.get(`indices.${index}`), artifact.tensors.get(`values.${index}`)];
    if (indices?.data.length !== group.count || values?.data.length !== group.count)
      throw new TillerError("bad-artifact", `${artifact.meta.id}: its data lacks the ${group.count} elements of group ${index}`);
    return { ...group, indices: Int32Array.from(indices.data), values: values.data, zeros: new Float32Array(group.count) };
  });
  known.set(artifact, groups);
  return groups;
}
