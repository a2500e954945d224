/** Artifacts that a preset names: whether they are there, and whether they were found in the model that it is meant for. */
import type { ArtifactEntry } from "../../daemon/protocol/api/library.ts";
import { similar } from "../../daemon/protocol/similar.ts";
import { recordOf } from "../text.ts";
import type { View } from "../view.ts";
import { type Finding, fixes } from "./finding.ts";

/** A place of the text that names an artifact. */
export interface Use {
  readonly path: readonly string[];
  readonly part: "key" | "value";
  readonly id: string;
}

export function usesOf({ text }: Pick<View, "text">): Use[] {
  const holds = Object.entries(recordOf(text.value("hold"))).map(
    ([name, hold]) => [["hold", name, "probe"], recordOf(hold)["probe"]] as const,
  );
  const controls = Object.entries(recordOf(text.value("controls"))).map(
    ([name, control]) => [["controls", name, "use"], recordOf(control)["use"]] as const,
  );
  const values = [...controls, ...holds].flatMap(([path, id]) => (typeof id === "string" ? [{ path, part: "value" as const, id }] : []));
  const gates = Object.keys(recordOf(text.value("when"))).map((id) => ({ path: ["when", id], part: "key" as const, id }));
  return [...values, ...gates];
}

/** `probe/x` is an artifact of that name or, when there is none, `direction/x`, as the compiler reads it. */
export function artifactOf({ known }: Pick<View, "known">, id: string): ArtifactEntry | undefined {
  const named = (wanted: string): ArtifactEntry | undefined => known?.artifacts.find((artifact) => artifact.id === wanted);
  return named(id) ?? (id.startsWith("probe/") ? named(`direction/${id.slice("probe/".length)}`) : undefined);
}

export function artifactFindings(view: View): Finding[] {
  if (view.known === null) return [];
  return usesOf(view).flatMap((use) => {
    const artifact = artifactOf(view, use.id);
    const found = artifact === undefined ? unknown(view, use) : (unusable(artifact) ?? foreign(view, use, artifact));
    return found === null ? [] : [{ path: use.path, part: use.part, ...found }];
  });
}

type Found = Omit<Finding, "path" | "part">;

function unknown(view: View, use: Use): Found {
  const [kind] = use.id.split("/");
  const ids = view.known!.artifacts.map(({ id }) => id);
  const near = similar(use.id, ids);
  const others = ids.filter((id) => id !== near && id.startsWith(`${kind}/`) && fits(view, id)).slice(0, 4);
  const choices = near === null ? others : [near, ...others];
  return {
    code: "not-found",
    severity: view.live ? "error" : "warning",
    message: `there is no artifact '${use.id}'${view.live ? "" : ", or there was none when the daemon last ran"}`,
    fixes: fixes(...choices.map((id) => [`Change to '${id}'`, replaced(view, use, id), id === near] as const)),
  };
}

function unusable({ problem, id }: ArtifactEntry): Found | null {
  return problem === null ? null : { code: "not-supported", severity: "error", message: `${id}: ${problem}` };
}

function foreign(view: View, use: Use, { id, model: made }: ArtifactEntry): Found | null {
  const { model, known } = view;
  if (model === null || made.fingerprint === null || made.fingerprint === model.fingerprint) return null;
  const home = known!.models.find(({ fingerprint }) => fingerprint === made.fingerprint);
  const where = home === undefined ? `another model (${made.architecture}, ${made.layers} layers of width ${made.width})` : home.name;
  const fitting = known!.artifacts.filter((other) => other.id.split("/")[0] === id.split("/")[0] && fits(view, other.id)).slice(0, 4);
  return {
    code: "wrong-model",
    severity: "warning",
    message: `${id} was found in ${where}, and ${model.name} is the model that answers: it cannot be applied there`,
    fixes: fixes(
      ...fitting.map(({ id: other }) => [`Change to '${other}', found in ${model.name}`, replaced(view, use, other)] as const),
      ...(home === undefined
        ? []
        : [[`Say that the preset is for ${home.name}`, view.text.set(["model", "fingerprint"], home.fingerprint)] as const]),
    ),
  };
}

function fits({ model, known }: View, id: string): boolean {
  const made = known?.artifacts.find((artifact) => artifact.id === id)?.model.fingerprint ?? null;
  return model === null || made === null || made === model.fingerprint;
}

function replaced({ text }: View, { path, part }: Use, id: string): { start: number; end: number; text: string } | null {
  const span = text.spot(path)?.[part] ?? null;
  return span === null ? null : { start: span[0], end: span[1], text: id };
}
